//! Who is asking, and what they may do. Platform knows the shape of the answer; the look-up of a token is handed in by the
//! composition root.
//!
//! | file | what it knows |
//! |---|---|
//! | `proof` | what a token proves: account, role, credential, scopes |
//! | `ask` | what a route asks for: `Identity<Upload>` says so in the handler's signature |
//! | `identify` | from a request to a proof |
//! | `known` | what this process knows: proofs of a moment ago, and what was revoked |
//! | `revoke` | ends what was granted, in every process |
//! | `browser` | cookies and origins |

mod ask;
mod browser;
mod identify;
mod known;
mod proof;
mod revoke;

pub(crate) use ask::{Admin, Fresh, FreshAdmin, Identity, Library, Listen, Moderate, Read, Upload, Viewer, decided};
pub(crate) use browser::{is_https, refuse_foreign_origin, require_same_origin, session_cookie};
pub(crate) use identify::{Device, LookUp, Presented, TOKEN_PREFIX, cookie_session, require_still};
pub(crate) use known::{Auth, Hold, Subjects};
pub(crate) use proof::{Credential, Proof, Role, Scope, Scopes};
pub(crate) use revoke::{Subject, purge, revoke};
