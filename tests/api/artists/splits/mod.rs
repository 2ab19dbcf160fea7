//! Who has which share in a track.

mod answer_split;
mod list_own_splits;
mod set_splits;
mod show_splits;
