//! What listeners read of a release's tracks, as a table (RFC 4180) that its artist fills in elsewhere.

mod awaiting;
mod fitting;
mod follow_lines;
mod put_metadata;
mod sheet;
mod show_awaiting;

pub(super) use awaiting::forget_account;
pub(crate) use fitting::LineReport;
pub(super) use fitting::{Known, all_found, fit};
pub(super) use follow_lines::expect;
pub(crate) use follow_lines::{FollowLines, run as run_follow_lines};
pub(super) use put_metadata::{change, put};
pub(super) use sheet::{Line, MAX_BYTES, read};
pub(super) use show_awaiting::get;
