//! Listening.

mod audio;
mod company;
mod count_plays;
mod direct;
mod downloads;
mod enclosure;
mod history;
pub(crate) mod hls;
mod keep_plays;
mod library;
mod list_suspicious_plays;
mod on_the_fly;
mod players;
mod playlists;
mod preferences;
mod report_play;
mod rooms;
mod scrobbling;
mod start_play;
mod streams;
