//! A file that waits to take the place of a track's: its row and queries.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;

use crate::artists::schema::{replacements, tracks};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TrackId};
use crate::platform::storage::Stored;

/// A row of `artists.replacements`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = replacements)]
pub(in crate::artists) struct Replacement {
    track_id: TrackId,
    pub(in crate::artists) source_key: String,
    source_size_bytes: i64,
    pub(in crate::artists) filename: Option<String>,
    uploaded_by: Option<AccountId>,
    suggestions: Option<Value>,
    cover_key: Option<String>,
}

/// What a track had before.
#[derive(Debug, Queryable)]
pub(super) struct Before {
    pub(super) source_key: String,
    pub(super) cover_key: Option<String>,
}

impl Replacement {
    /// Lets a file wait for a track that the caller's transaction holds.
    pub(super) async fn insert(
        conn: &mut Conn,
        track: TrackId,
        stored: &Stored,
        filename: Option<&str>,
        member: AccountId,
    ) -> Result<()> {
        diesel::insert_into(replacements::table)
            .values((
                replacements::track_id.eq(track),
                replacements::source_key.eq(&stored.key),
                replacements::source_size_bytes.eq(i64::try_from(stored.size_bytes).unwrap_or(i64::MAX)),
                replacements::filename.eq(filename),
                replacements::uploaded_by.eq(member),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    pub(super) async fn find(conn: &mut Conn, track: TrackId) -> Result<Option<Self>> {
        Ok(replacements::table.find(track).select(Self::as_select()).first(conn).await.optional()?)
    }

    /// Notes what the new file's tags say; false where no file waits.
    pub(in crate::artists) async fn suggest(
        conn: &mut Conn,
        track: TrackId,
        suggestions: &Value,
        cover_key: Option<&str>,
    ) -> Result<bool> {
        let noted = diesel::update(replacements::table.find(track))
            .set((replacements::suggestions.eq(suggestions), replacements::cover_key.eq(cover_key)))
            .execute(conn)
            .await?;
        Ok(noted == 1)
    }

    /// Whether a file waits for a track.
    pub(in crate::artists) async fn waits(conn: &mut Conn, track: TrackId) -> Result<bool> {
        Ok(Self::find(conn, track).await?.is_some())
    }

    /// Takes the row away.
    pub(super) async fn take(conn: &mut Conn, track: TrackId) -> Result<Option<Self>> {
        let taken = diesel::delete(replacements::table.find(track)).returning(Self::as_returning());
        Ok(taken.get_result(conn).await.optional()?)
    }

    /// Makes it the track's file; what the track had before.
    pub(super) async fn put_in_place(&self, conn: &mut Conn) -> Result<Option<Before>> {
        let track = tracks::table.find(self.track_id);
        let before: Option<Before> =
            track.select((tracks::source_key, tracks::cover_key)).first(conn).await.optional()?;
        diesel::update(track)
            .set((
                tracks::source_key.eq(&self.source_key),
                tracks::source_size_bytes.eq(self.source_size_bytes),
                tracks::filename.eq(&self.filename),
                tracks::uploaded_by.eq(self.uploaded_by),
                tracks::suggestions.eq(&self.suggestions),
                tracks::cover_key.eq(&self.cover_key),
            ))
            .execute(conn)
            .await?;
        Ok(before)
    }

    /// What it has in the store.
    pub(super) fn keys(&self) -> Vec<String> {
        std::iter::once(self.source_key.clone()).chain(self.cover_key.clone()).collect()
    }
}
