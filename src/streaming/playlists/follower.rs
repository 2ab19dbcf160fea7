//! Who follows a playlist: rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlaylistId};
use crate::streaming::place::Place;

/// A playlist that an account follows.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(super) struct Followed {
    #[diesel(sql_type = SqlUuid)]
    pub(super) playlist_id: PlaylistId,
    #[diesel(sql_type = Timestamptz)]
    pub(super) followed_at: DateTime<Utc>,
}

impl Followed {
    pub(super) fn place(&self) -> Place<PlaylistId> {
        Place(self.followed_at, self.playlist_id)
    }

    /// What an account follows, the latest first; one more than `limit`.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<Place<PlaylistId>>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select playlist_id, followed_at from streaming.playlist_followers
                 where account_id = $1 and ($2::timestamptz is null or (followed_at, playlist_id) < ($2, $3))
                 order by followed_at desc, playlist_id desc limit $4")
            .bind::<SqlUuid, _>(account)
            .bind::<Nullable<Timestamptz>, _>(after.map(|place| place.0))
            .bind::<Nullable<SqlUuid>, _>(after.map(|place| place.1))
            .bind::<BigInt, _>(limit + 1),
        );
        Ok(list.load(conn).await?)
    }

    /// Follows a playlist; one that is followed already keeps its place.
    pub(super) async fn insert(
        conn: &mut Conn,
        account: AccountId,
        playlist: PlaylistId,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let follow = prepared(
            sql("with new as (
                    insert into streaming.playlist_followers (account_id, playlist_id, followed_at)
                    select $1, p.id, $3 from (select id from streaming.playlists where id = $2 for key share) p
                    on conflict do nothing returning playlist_id)
                 update streaming.playlists p set follower_count = follower_count + 1 from new where p.id = new.playlist_id")
            .bind::<SqlUuid, _>(account)
            .bind::<SqlUuid, _>(playlist)
            .bind::<Timestamptz, _>(at),
        );
        follow.execute(conn).await?;
        Ok(())
    }

    /// Follows one no longer, or, where it is `None`, any.
    pub(super) async fn delete(conn: &mut Conn, account: AccountId, playlist: Option<PlaylistId>) -> Result<()> {
        let unfollow = prepared(
            sql("with gone as (
                    delete from streaming.playlist_followers
                    where account_id = $1 and ($2::uuid is null or playlist_id = $2) returning playlist_id)
                 update streaming.playlists p set follower_count = follower_count - 1 from gone where p.id = gone.playlist_id")
            .bind::<SqlUuid, _>(account)
            .bind::<Nullable<SqlUuid>, _>(playlist),
        );
        unfollow.execute(conn).await?;
        Ok(())
    }
}
