//! What artists say of their music.

mod edit_release;
mod edit_track;
mod edit_tracks;
mod show_history;
mod take_back;
