//! # Legato
//!
//! A music streaming platform server. `ls src` is the product: `accounts` knows who someone is, `artists` holds the
//! catalogue and takes uploads through the audio chain, `streaming` lets people listen, `search` finds,
//! `notifications` tells. `platform` is the plumbing that knows none of them; [`app`] wires all together;
//! [`cli`] is the command line.
//!
//! The rules of the house are in `docs/ARCHITECTURE.md`, and `tests/architecture.rs` holds them.

pub mod app;
pub mod cli;
pub mod platform;

mod accounts;
mod artists;
mod demo;
mod notifications;
mod search;
mod streaming;
