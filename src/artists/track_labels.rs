//! What a track's files say of themselves: the catalogue's words at the time that they are made.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use legato_audio::Labels;

use super::schema::{artists, releases, tracks};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::TrackId;

/// The labels of a track; empty ones for a track that is gone.
pub(super) async fn labels(conn: &mut Conn, track: TrackId) -> Result<Labels> {
    let found: Option<(String, i32, String, String)> = tracks::table
        .inner_join(releases::table.on(releases::id.eq(tracks::release_id)))
        .inner_join(artists::table.on(artists::id.eq(releases::artist_id)))
        .filter(tracks::id.eq(track))
        .select((tracks::title, tracks::position, releases::title, artists::name))
        .first(conn)
        .await
        .optional()?;
    Ok(found.map_or_else(Labels::default, |(title, position, album, artist)| Labels {
        title,
        artist,
        album,
        track_number: u32::try_from(position).ok(),
        ..Labels::default()
    }))
}
