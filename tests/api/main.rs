//! The API's tests: a real server on a free port, real HTTP, a database for each test, all of them in parallel.
//!
//! The folders mirror `src/`: what `src/artists/upload_track.rs` does, `artists/upload_track.rs` tests.

mod access;
mod accounts;
mod artists;
mod browser;
mod contract;
mod foreign_pages;
mod foreign_paths;
mod hostile_tags;
mod notifications;
mod platform;
mod search;
mod secrets;
mod streaming;
mod support;
