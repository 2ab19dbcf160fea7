//! Listening.

mod audio;
mod count_plays;
mod enclosure;
mod history;
pub(crate) mod hls;
mod keep_plays;
mod library;
mod list_suspicious_plays;
mod on_the_fly;
mod playlists;
mod report_play;
mod start_play;
