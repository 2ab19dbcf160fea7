//! Tracks that an account likes: rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, SmallInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TrackId};
use crate::streaming::place::Place;

/// A track that an account likes, and the stars that it gave it.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(super) struct Like {
    #[diesel(sql_type = SqlUuid)]
    pub(super) track_id: TrackId,
    #[diesel(sql_type = Timestamptz)]
    pub(super) liked_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub(super) stars: Option<i16>,
}

/// What an account thinks of a track.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(super) struct Opinion {
    #[diesel(sql_type = SqlUuid)]
    pub(super) track_id: TrackId,
    #[diesel(sql_type = Bool)]
    pub(super) liked: bool,
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub(super) stars: Option<i16>,
}

impl Like {
    pub(super) fn place(&self) -> Place<TrackId> {
        Place(self.liked_at, self.track_id)
    }

    /// What an account likes, the latest first; one more than `limit`.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<Place<TrackId>>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select l.track_id, l.liked_at, r.stars
                 from streaming.likes l
                 left join streaming.ratings r on r.account_id = l.account_id and r.track_id = l.track_id
                 where l.account_id = $1 and ($2::timestamptz is null or (l.liked_at, l.track_id) < ($2, $3))
                 order by l.liked_at desc, l.track_id desc limit $4")
            .bind::<SqlUuid, _>(account)
            .bind::<Nullable<Timestamptz>, _>(after.map(|place| place.0))
            .bind::<Nullable<SqlUuid>, _>(after.map(|place| place.1))
            .bind::<BigInt, _>(limit + 1),
        );
        Ok(list.load(conn).await?)
    }

    /// Likes a track; what is liked already keeps its place.
    pub(super) async fn insert(conn: &mut Conn, account: AccountId, track: TrackId, at: DateTime<Utc>) -> Result<()> {
        let insert = prepared(
            sql("insert into streaming.likes (account_id, track_id, liked_at) values ($1, $2, $3) on conflict do nothing")
                .bind::<SqlUuid, _>(account)
                .bind::<SqlUuid, _>(track)
                .bind::<Timestamptz, _>(at),
        );
        insert.execute(conn).await?;
        Ok(())
    }

    pub(super) async fn delete(conn: &mut Conn, account: AccountId, track: TrackId) -> Result<()> {
        let delete = prepared(
            sql("delete from streaming.likes where account_id = $1 and track_id = $2")
                .bind::<SqlUuid, _>(account)
                .bind::<SqlUuid, _>(track),
        );
        delete.execute(conn).await?;
        Ok(())
    }
}

impl Opinion {
    /// Of each of the tracks, in their order.
    pub(super) async fn list_of(conn: &mut Conn, account: AccountId, tracks: &[TrackId]) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select asked.track_id, l.track_id is not null as liked, r.stars
                 from unnest($2) with ordinality as asked (track_id, place)
                 left join streaming.likes l on l.account_id = $1 and l.track_id = asked.track_id
                 left join streaming.ratings r on r.account_id = $1 and r.track_id = asked.track_id
                 order by asked.place")
            .bind::<SqlUuid, _>(account)
            .bind::<Array<SqlUuid>, _>(tracks),
        );
        Ok(list.load(conn).await?)
    }
}
