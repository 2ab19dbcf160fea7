//! Places that an account marked in tracks: rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TrackId};
use crate::streaming::place::Place;
use crate::streaming::schema::bookmarks;

/// A row of `streaming.bookmarks`.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct BookmarkRow {
    #[diesel(sql_type = SqlUuid)]
    pub(super) track_id: TrackId,
    #[diesel(sql_type = Integer)]
    pub(super) position_ms: i32,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) note: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) set_at: DateTime<Utc>,
}

impl BookmarkRow {
    pub(super) fn place(&self) -> Place<TrackId> {
        Place(self.set_at, self.track_id)
    }

    /// What an account marked, the latest first; one more than `limit`.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<Place<TrackId>>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select track_id, position_ms, note, set_at from streaming.bookmarks
                 where account_id = $1 and ($2::timestamptz is null or (set_at, track_id) < ($2, $3))
                 order by set_at desc, track_id desc limit $4")
            .bind::<SqlUuid, _>(account)
            .bind::<Nullable<Timestamptz>, _>(after.map(|place| place.0))
            .bind::<Nullable<SqlUuid>, _>(after.map(|place| place.1))
            .bind::<BigInt, _>(limit + 1),
        );
        Ok(list.load(conn).await?)
    }

    /// How many an account has in other tracks; two of its requests count one after the other, until their transactions end.
    pub(super) async fn count_others(conn: &mut Conn, account: AccountId, track: TrackId) -> Result<i64> {
        let lock = prepared(
            sql("select pg_advisory_xact_lock(hashtextextended('bookmarks:' || $1::text, 0))")
                .bind::<SqlUuid, _>(account),
        );
        lock.execute(conn).await?;
        let others = bookmarks::table.filter(bookmarks::account_id.eq(account).and(bookmarks::track_id.ne(track)));
        Ok(others.count().get_result(conn).await?)
    }

    /// Writes it over the one before in this track.
    pub(super) async fn save(&self, conn: &mut Conn, account: AccountId) -> Result<()> {
        let save = prepared(
            sql("insert into streaming.bookmarks (account_id, track_id, position_ms, note, set_at)
                 values ($1, $2, $3, $4, $5)
                 on conflict (account_id, track_id) do update
                 set position_ms = excluded.position_ms, note = excluded.note, set_at = excluded.set_at")
            .bind::<SqlUuid, _>(account)
            .bind::<SqlUuid, _>(self.track_id)
            .bind::<Integer, _>(self.position_ms)
            .bind::<Nullable<Text>, _>(&self.note)
            .bind::<Timestamptz, _>(self.set_at),
        );
        save.execute(conn).await?;
        Ok(())
    }

    /// Whether there was one.
    pub(super) async fn delete(conn: &mut Conn, account: AccountId, track: TrackId) -> Result<bool> {
        Ok(diesel::delete(bookmarks::table.find((account, track))).execute(conn).await? == 1)
    }
}
