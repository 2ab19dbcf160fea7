//! How much an artist may have here: bytes of originals and of statements, tracks, and uploads in a day.

mod quota;
mod set_quota;
mod show_quota;

pub(super) use quota::{Quota, Wanted};
pub(super) use set_quota::{delete, put};
pub(super) use show_quota::get;
