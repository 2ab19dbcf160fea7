//! The catalogue: artists, releases, tracks, uploads, and the chain that makes them playable.

mod create_artist;
mod create_release;
mod delete_artist;
mod delete_release;
mod delete_track;
mod discard;
mod edit_release;
mod edit_track;
mod follow_artist;
mod ingest;
mod list_artists;
mod list_releases;
mod list_same_recordings;
mod newest_releases;
mod ownership;
mod publish_release;
mod quarantine;
mod show_artist;
mod show_release;
mod show_track;
mod show_waveform;
mod track_progress;
mod unfollow_artist;
mod upload_edges;
mod upload_track;
mod withdraw_release;
