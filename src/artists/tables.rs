//! What listeners read of a release's tracks, as a table (RFC 4180) that its artist fills in elsewhere.

mod fitting;
mod put_metadata;
mod sheet;

pub(crate) use fitting::LineReport;
pub(super) use fitting::{Known, all_found, fit};
pub(super) use put_metadata::{change, put};
pub(super) use sheet::{Line, MAX_BYTES, read};
