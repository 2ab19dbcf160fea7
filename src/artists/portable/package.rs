//! A package: everything that is an artist's, made for its owners, and where it stands.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use crate::artists::schema::packages;
use crate::platform::db::{Conn, named};
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, PackageId};

/// How long it can be fetched.
const LIFETIME: TimeDelta = TimeDelta::days(7);

named! {
    /// Where a package stands.
    pub(crate) enum PackageState {
        /// It is being made.
        Waiting = "waiting",
        /// It can be fetched.
        Ready = "ready",
        /// It could not be made; ask again.
        Failed = "failed",
    }
}

/// A row of `artists.packages`.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = packages)]
pub(crate) struct Package {
    pub(super) id: PackageId,
    pub(super) state: PackageState,
    /// The package's length, once it is ready.
    #[diesel(column_name = bytes)]
    size_bytes: Option<i64>,
    pub(super) created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    /// Until then it can be fetched.
    expires_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    pub(super) object_key: Option<String>,
}

impl Package {
    /// Adds one that waits; `None` where one waits already.
    pub(super) async fn insert(
        conn: &mut Conn,
        artist: ArtistId,
        server: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>> {
        let added = diesel::insert_into(packages::table)
            .values((
                packages::id.eq(PackageId::new()),
                packages::artist_id.eq(artist),
                packages::server.eq(server),
                packages::created_at.eq(now),
            ))
            .on_conflict_do_nothing()
            .returning(Self::as_returning());
        Ok(added.get_result(conn).await.optional()?)
    }

    /// The newest of an artist, unless its time is over.
    pub(super) async fn newest(conn: &mut Conn, artist: ArtistId, now: DateTime<Utc>) -> Result<Option<Self>> {
        let newest = packages::table
            .filter(packages::artist_id.eq(artist))
            .filter(packages::expires_at.is_null().or(packages::expires_at.gt(now)))
            .order(packages::id.desc())
            .select(Self::as_select());
        Ok(newest.first(conn).await.optional()?)
    }

    /// The newest that can be fetched now.
    pub(super) async fn newest_ready(conn: &mut Conn, artist: ArtistId, now: DateTime<Utc>) -> Result<Option<Self>> {
        let ready = packages::table
            .filter(packages::artist_id.eq(artist).and(packages::state.eq(PackageState::Ready)))
            .filter(packages::expires_at.gt(now))
            .order(packages::id.desc())
            .select(Self::as_select());
        Ok(ready.first(conn).await.optional()?)
    }

    /// Whose package this is and the server's name for it, as long as it waits.
    pub(super) async fn waits_for(conn: &mut Conn, id: PackageId) -> Result<Option<(ArtistId, String)>> {
        let waiting = packages::table
            .find(id)
            .filter(packages::state.eq(PackageState::Waiting).and(packages::artist_id.is_not_null()))
            .select((packages::artist_id.assume_not_null(), packages::server));
        Ok(waiting.first(conn).await.optional()?)
    }

    /// Makes it ready to be fetched; false when nobody waits for it any more.
    pub(super) async fn finish(
        conn: &mut Conn,
        id: PackageId,
        object_key: &str,
        size_bytes: u64,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let waiting = packages::table
            .find(id)
            .filter(packages::state.eq(PackageState::Waiting).and(packages::artist_id.is_not_null()));
        let finished = diesel::update(waiting)
            .set((
                packages::state.eq(PackageState::Ready),
                packages::object_key.eq(object_key),
                packages::bytes.eq(i64::try_from(size_bytes).unwrap_or(i64::MAX)),
                packages::finished_at.eq(now),
                packages::expires_at.eq(now + LIFETIME),
            ))
            .execute(conn)
            .await?;
        Ok(finished > 0)
    }

    /// Notes that it could not be made.
    pub(super) async fn fail(conn: &mut Conn, id: PackageId) -> Result<()> {
        let waiting = packages::table.find(id).filter(packages::state.eq(PackageState::Waiting));
        diesel::update(waiting)
            .set((packages::state.eq(PackageState::Failed), packages::finished_at.eq(diesel::dsl::now)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Forgets those that a newer one takes the place of; answers with the keys of what they had.
    pub(super) async fn delete_older(conn: &mut Conn, artist: ArtistId, newest: PackageId) -> Result<Vec<String>> {
        let older = packages::table
            .filter(packages::artist_id.eq(artist).and(packages::id.lt(newest)))
            .filter(packages::state.ne(PackageState::Waiting));
        let keys: Vec<Option<String>> = diesel::delete(older).returning(packages::object_key).get_results(conn).await?;
        Ok(keys.into_iter().flatten().collect())
    }

    /// Forgets those whose time is over, those of artists that are deleted, and those that failed a week ago; answers with
    /// the keys of what they had.
    pub(super) async fn delete_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<String>> {
        let failed = packages::state.eq(PackageState::Failed).and(packages::created_at.le(now - LIFETIME));
        let over = packages::expires_at.le(now).assume_not_null().or(failed).or(packages::artist_id.is_null());
        let keys: Vec<Option<String>> =
            diesel::delete(packages::table.filter(over)).returning(packages::object_key).get_results(conn).await?;
        Ok(keys.into_iter().flatten().collect())
    }
}
