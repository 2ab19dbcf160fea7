//! Listening.

mod audio;
pub(crate) mod hls;
mod start_play;
