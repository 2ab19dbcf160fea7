//! The chain that a track is in, for as long as it is under way.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{artists, chains, releases, tracks};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, ChainId, TrackId};

/// A row of `artists.chains`.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = chains)]
pub(super) struct Chain {
    pub(super) id: ChainId,
}

impl Chain {
    /// Begins a chain; none where one is under way.
    pub(super) async fn begin(conn: &mut Conn, track: TrackId, in_background: bool) -> Result<Option<ChainId>> {
        let id = ChainId::new();
        let begun = diesel::insert_into(chains::table)
            .values((chains::track_id.eq(track), chains::id.eq(id), chains::in_background.eq(in_background)))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        Ok((begun == 1).then_some(id))
    }

    /// The chain that a track is in.
    pub(super) async fn find(conn: &mut Conn, track: TrackId) -> Result<Option<Self>> {
        Ok(chains::table.find(track).select(Self::as_select()).first(conn).await.optional()?)
    }

    /// The tracks that are in a chain, of an artist and of those that it manages as a label.
    pub(super) async fn tracks_of(conn: &mut Conn, artist: ArtistId) -> Result<Vec<TrackId>> {
        let whose = artists::id.eq(artist).or(artists::label_id.eq(artist).assume_not_null());
        let releases = releases::table
            .filter(releases::artist_id.eq_any(artists::table.filter(whose).select(artists::id)))
            .select(releases::id);
        let tracks = tracks::table.filter(tracks::release_id.eq_any(releases)).select(tracks::id);
        Ok(chains::table.filter(chains::track_id.eq_any(tracks)).select(chains::track_id).load(conn).await?)
    }

    /// Notes how much music it is.
    pub(super) async fn measure(conn: &mut Conn, track: TrackId, audio_ms: i64) -> Result<()> {
        diesel::update(chains::table.find(track)).set(chains::audio_ms.eq(audio_ms)).execute(conn).await?;
        Ok(())
    }

    /// How many chains run for which nobody waits.
    pub(super) async fn count_background(conn: &mut Conn) -> Result<i64> {
        Ok(chains::table.filter(chains::in_background).count().get_result(conn).await?)
    }

    /// Ends a track's chain, however it ended; none where none was under way.
    pub(super) async fn end(conn: &mut Conn, track: TrackId) -> Result<Option<Self>> {
        let ended = diesel::delete(chains::table.find(track)).returning(Self::as_returning());
        Ok(ended.get_result(conn).await.optional()?)
    }
}
