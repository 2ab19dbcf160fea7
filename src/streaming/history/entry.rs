//! What an account heard and when: rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlayId, TrackId};
use crate::streaming::place::Place;

/// One play in an account's history.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(super) struct Entry {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: PlayId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) track_id: TrackId,
    #[diesel(sql_type = Timestamptz)]
    pub(super) started_at: DateTime<Utc>,
    #[diesel(sql_type = Integer)]
    pub(super) heard_ms: i32,
    #[diesel(sql_type = Integer)]
    pub(super) position_ms: i32,
}

impl Entry {
    pub(super) fn place(&self) -> Place<PlayId> {
        Place(self.started_at, self.id)
    }

    /// What an account heard, the latest first; one more than `limit`. With `words`, what has these in its title, its artist's
    /// name or its release's title.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        words: Option<&str>,
        after: Option<Place<PlayId>>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select p.id, p.track_id, p.started_at, p.heard_ms, p.position_ms
                 from streaming.plays p
                 where p.account_id = $1 and p.heard_ms > 0
                   and ($2::timestamptz is null or (p.started_at, p.id) < ($2, $3))
                   and ($4::text is null or exists (
                       select from artists.visible_tracks t where t.track_id = p.track_id
                         and concat_ws(' ', t.title, t.artist_name, t.release_title) ilike '%' || $4 || '%'))
                 order by p.started_at desc, p.id desc limit $5")
            .bind::<SqlUuid, _>(account)
            .bind::<Nullable<Timestamptz>, _>(after.map(|place| place.0))
            .bind::<Nullable<SqlUuid>, _>(after.map(|place| place.1))
            .bind::<Nullable<Text>, _>(words.map(literally))
            .bind::<BigInt, _>(limit + 1),
        );
        Ok(list.load(conn).await?)
    }

    /// Makes a play nobody's: it still counts. Whether it was the account's.
    pub(super) async fn forget(conn: &mut Conn, account: AccountId, id: PlayId) -> Result<bool> {
        let forgetting = prepared(
            sql("update streaming.plays set account_id = null where id = $1 and account_id = $2")
                .bind::<SqlUuid, _>(id)
                .bind::<SqlUuid, _>(account),
        );
        Ok(forgetting.execute(conn).await? == 1)
    }

    /// The same for up to `limit` of what was heard since and before; how many those were.
    pub(super) async fn forget_some(
        conn: &mut Conn,
        account: AccountId,
        (since, before): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        limit: i64,
    ) -> Result<usize> {
        let forgetting = prepared(
            sql("with picked as (
                    select id from streaming.plays
                    where account_id = $1 and ($2::timestamptz is null or started_at >= $2)
                      and ($3::timestamptz is null or started_at < $3)
                    order by started_at desc, id desc limit $4 for update)
                 update streaming.plays p set account_id = null from picked where p.id = picked.id")
            .bind::<SqlUuid, _>(account)
            .bind::<Nullable<Timestamptz>, _>(since)
            .bind::<Nullable<Timestamptz>, _>(before)
            .bind::<BigInt, _>(limit),
        );
        Ok(forgetting.execute(conn).await?)
    }
}

// What `like` takes for patterns stands for itself.
fn literally(words: &str) -> String {
    words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
