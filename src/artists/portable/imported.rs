//! What is here of what was elsewhere: releases and tracks by the ids that they had there.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::artists::schema::{imported_releases, imported_tracks};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, ReleaseId, TrackId};

/// A release there is one here.
#[derive(Debug, Clone, Copy, Queryable, Selectable, Insertable)]
#[diesel(table_name = imported_releases)]
pub(super) struct ImportedRelease {
    pub(super) artist_id: ArtistId,
    pub(super) source_id: ReleaseId,
    pub(super) release_id: ReleaseId,
    /// Since when all of it was looked at.
    pub(super) completed_at: Option<DateTime<Utc>>,
}

impl ImportedRelease {
    pub(super) async fn find(conn: &mut Conn, artist: ArtistId, source: ReleaseId) -> Result<Option<Self>> {
        let found = imported_releases::table.find((artist, source)).select(Self::as_select());
        Ok(found.first(conn).await.optional()?)
    }

    /// Notes it. A second time this fails.
    pub(super) async fn insert(&self, conn: &mut Conn) -> Result<()> {
        diesel::insert_into(imported_releases::table).values(self).execute(conn).await?;
        Ok(())
    }

    /// All of it was looked at.
    pub(super) async fn complete(&self, conn: &mut Conn) -> Result<()> {
        let row = imported_releases::table.find((self.artist_id, self.source_id));
        diesel::update(row).set(imported_releases::completed_at.eq(diesel::dsl::now)).execute(conn).await?;
        Ok(())
    }

    /// The tracks of it that were made here, those that were deleted since included, by their ids there.
    pub(super) async fn tracks(&self, conn: &mut Conn) -> Result<Vec<TrackId>> {
        let list = imported_tracks::table
            .filter(imported_tracks::artist_id.eq(self.artist_id))
            .filter(imported_tracks::release_source_id.eq(self.source_id))
            .select(imported_tracks::source_id);
        Ok(list.load(conn).await?)
    }

    /// Notes a track of it. A second time this fails.
    pub(super) async fn add_track(&self, conn: &mut Conn, source: TrackId, track: TrackId) -> Result<()> {
        diesel::insert_into(imported_tracks::table)
            .values((
                imported_tracks::artist_id.eq(self.artist_id),
                imported_tracks::release_source_id.eq(self.source_id),
                imported_tracks::source_id.eq(source),
                imported_tracks::track_id.eq(track),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }
}
