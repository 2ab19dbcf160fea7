//! A statement's bytes, read: which encoding, dialect and layout a file has, and what each of its lines says.
//!
//! ```text
//! bytes ─ encoding ─▶ text ─ dialect, records ─▶ cells ─ layout ─▶ processor ─▶ Sold, line by line
//! ```
//! All of it runs in the sandboxed child ([`TASK`]): a statement is a file that somebody sent. The child reads the whole
//! file before anything is imported, and writes what it understood to `staging/`. The first thing that is not as it was
//! described ends it, with the place.

mod amount;
mod child;
mod currency;
mod dialect;
mod drift;
mod encoding;
mod layout;
mod period;
mod problem;
mod processors;
mod records;
mod repeats;
mod sold;
mod territory;

pub(super) use amount::Decimal;
pub(crate) use child::TASK;
pub(super) use child::{Checked, ORDER, Order, SALES, Total};
pub(super) use period::DateForm;
pub(crate) use problem::StatementProblem;
pub(super) use repeats::{REPEATS, Repeats};
pub(super) use sold::Sold;
