//! A playlist's cover: two objects in the store, and the word in their address.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlaylistId};
use crate::platform::pictures::Picture;
use crate::platform::secret;
use crate::streaming::schema::playlists;

/// The sizes of a cover, in pixels of each side. They are no other picture's, so that no two pictures of different modules are
/// the same object: each module knows only what it shows itself.
pub(super) const SIZES: [u32; 2] = [640, 160];

/// The objects of a cover.
#[derive(Debug, Clone, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = playlists)]
pub(super) struct Cover {
    /// The playlist's owner.
    pub(super) account_id: AccountId,
    cover_object: Option<String>,
    cover_thumbnail: Option<String>,
}

impl Cover {
    /// Their keys in the store, the larger first; none where there is no cover.
    pub(super) fn keys(self) -> Vec<String> {
        self.cover_object.into_iter().chain(self.cover_thumbnail).collect()
    }

    /// What a playlist shows.
    pub(super) async fn of(conn: &mut Conn, playlist: PlaylistId) -> Result<Self> {
        Ok(playlists::table.find(playlist).select(Self::as_select()).first(conn).await?)
    }

    /// What is behind an address.
    pub(super) async fn find(conn: &mut Conn, key: &str) -> Result<Option<Self>> {
        let found = playlists::table.filter(playlists::cover_key.eq(key)).select(Self::as_select());
        Ok(found.first(conn).await.optional()?)
    }

    /// Shows another cover, or none. A new one has a new address, also when it is the same picture.
    pub(super) async fn set(
        conn: &mut Conn,
        playlist: PlaylistId,
        picture: Option<&Picture>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let key = picture.map(|_| secret::address_word()).transpose()?;
        diesel::update(playlists::table.find(playlist))
            .set((
                playlists::cover_object.eq(picture.map(|picture| &picture.large.key)),
                playlists::cover_thumbnail.eq(picture.map(|picture| &picture.small.key)),
                playlists::cover_key.eq(key),
                playlists::updated_at.eq(now),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Whether any playlist shows an object.
    pub(super) async fn uses(conn: &mut Conn, object: &str) -> Result<bool> {
        let shown = playlists::table
            .filter(playlists::cover_object.eq(object).or(playlists::cover_thumbnail.eq(object)))
            .select(playlists::id);
        Ok(diesel::select(diesel::dsl::exists(shown)).get_result::<bool>(conn).await?)
    }
}

/// Where a cover is fetched; `?size=` says how large.
pub(super) fn url(key: &str) -> String {
    format!("/api/v1/covers/{key}")
}
