//! What of a profile changes: the query.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::artists::schema::{artists, releases};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, ReleaseId};

/// New values of an artist's row. What is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = artists)]
pub(super) struct Changes<'a> {
    pub(super) name: &'a str,
    pub(super) slug: &'a str,
    pub(super) biography: Option<&'a str>,
    pub(super) links: Option<Value>,
    pub(super) places: Option<Vec<&'a str>>,
    pub(super) genres: Option<Vec<&'a str>>,
    pub(super) mbid: Option<Option<Uuid>>,
    /// `Some(None)` takes the pin away, as it does the identifier.
    pub(super) pinned_release_id: Option<Option<ReleaseId>>,
    pub(super) has_feed: Option<bool>,
}

impl Changes<'_> {
    pub(super) async fn apply(&self, conn: &mut Conn, artist: ArtistId) -> Result<()> {
        diesel::update(artists::table.find(artist)).set(self).execute(conn).await?;
        Ok(())
    }
}

/// Whether a release is this artist's.
pub(super) async fn is_of(conn: &mut Conn, release: ReleaseId, artist: ArtistId) -> Result<bool> {
    let own = releases::table.find(release).filter(releases::artist_id.eq(artist));
    Ok(diesel::select(diesel::dsl::exists(own)).get_result(conn).await?)
}
