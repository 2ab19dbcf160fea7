//! Who follows whom: rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::json;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::platform::live::{self, Message};
use crate::streaming::place::Place;
use crate::streaming::schema::account_follows;

/// Followers who are told at once what is heard; the others see it when they look.
const TOLD: i64 = 500;

/// A message names its readers, and has room for some 160.
const IN_ONE_MESSAGE: usize = 100;

/// What an account takes along of whom it follows.
pub(in crate::streaming) const KEPT: (&str, &str, &str) = (
    "followed_accounts.json",
    "The accounts that you follow to see what they hear.",
    "select f.followed_id as id, json_build_object('account_id', f.followed_id, 'followed_at', f.followed_at) as document
     from streaming.account_follows f
     where f.follower_id = $1 and ($2::uuid is null or f.followed_id > $2) order by f.followed_id limit $3",
);

/// An account that follows, or is followed, and since when.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(crate) struct Follow {
    #[diesel(sql_type = SqlUuid)]
    pub(super) account_id: AccountId,
    #[diesel(sql_type = Timestamptz)]
    pub(super) followed_at: DateTime<Utc>,
}

impl Follow {
    pub(super) fn place(&self) -> Place<AccountId> {
        Place(self.followed_at, self.account_id)
    }

    /// Whom an account follows, the latest first; one more than `limit`.
    pub(super) async fn list_followed(
        conn: &mut Conn,
        account: AccountId,
        after: Option<Place<AccountId>>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = sql("select followed_id as account_id, followed_at from streaming.account_follows
             where follower_id = $1 and ($2::timestamptz is null or (followed_at, followed_id) < ($2, $3))
             order by followed_at desc, followed_id desc limit $4");
        let list = list.bind::<SqlUuid, _>(account).bind::<Nullable<Timestamptz>, _>(after.map(|place| place.0));
        let list = list.bind::<Nullable<SqlUuid>, _>(after.map(|place| place.1)).bind::<BigInt, _>(limit + 1);
        Ok(prepared(list).load(conn).await?)
    }

    /// Who follows an account, the latest first; one more than `limit`.
    pub(super) async fn list_followers(
        conn: &mut Conn,
        account: AccountId,
        after: Option<Place<AccountId>>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = sql("select follower_id as account_id, followed_at from streaming.account_follows
             where followed_id = $1 and ($2::timestamptz is null or (followed_at, follower_id) < ($2, $3))
             order by followed_at desc, follower_id desc limit $4");
        let list = list.bind::<SqlUuid, _>(account).bind::<Nullable<Timestamptz>, _>(after.map(|place| place.0));
        let list = list.bind::<Nullable<SqlUuid>, _>(after.map(|place| place.1)).bind::<BigInt, _>(limit + 1);
        Ok(prepared(list).load(conn).await?)
    }

    /// Those whom an account follows, who share what they hear and hear something now; at most `limit`.
    pub(super) async fn list_heard(
        conn: &mut Conn,
        follower: AccountId,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<AccountId>> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = SqlUuid)]
            account_id: AccountId,
        }
        let list = sql("select f.followed_id as account_id from streaming.account_follows f
             join streaming.preferences p on p.account_id = f.followed_id and p.shares_now_playing
             cross join lateral (select max(s.heard_since) as since from streaming.streams s
                 where s.account_id = f.followed_id and s.playing_until > $2) heard
             where f.follower_id = $1 and heard.since is not null
             order by heard.since desc limit $3");
        let list = list.bind::<SqlUuid, _>(follower).bind::<Timestamptz, _>(now).bind::<BigInt, _>(limit);
        let rows: Vec<Row> = prepared(list).load(conn).await?;
        Ok(rows.into_iter().map(|row| row.account_id).collect())
    }

    pub(super) async fn exists(conn: &mut Conn, follower: AccountId, followed: AccountId) -> Result<bool> {
        let found = account_follows::table.find((follower, followed));
        Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn).await?)
    }

    pub(super) async fn count_followed(conn: &mut Conn, follower: AccountId) -> Result<i64> {
        let count = account_follows::table.filter(account_follows::follower_id.eq(follower)).count();
        Ok(count.get_result(conn).await?)
    }

    /// Follows; who follows already keeps their place, and the answer is false.
    pub(super) async fn insert(
        conn: &mut Conn,
        follower: AccountId,
        followed: AccountId,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let row = (
            account_follows::follower_id.eq(follower),
            account_follows::followed_id.eq(followed),
            account_follows::followed_at.eq(now),
        );
        let insert = diesel::insert_into(account_follows::table).values(row).on_conflict_do_nothing();
        Ok(insert.execute(conn).await? == 1)
    }

    /// Whether there was such a one.
    pub(super) async fn delete(conn: &mut Conn, follower: AccountId, followed: AccountId) -> Result<bool> {
        Ok(diesel::delete(account_follows::table.find((follower, followed))).execute(conn).await? == 1)
    }

    /// Of who leaves: whom they followed, and who followed them.
    pub(in crate::streaming) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
        let of = account_follows::follower_id.eq(account).or(account_follows::followed_id.eq(account));
        diesel::delete(account_follows::table.filter(of)).execute(conn).await?;
        Ok(())
    }

    /// Tells followers that an account hears something else; what it is, they ask as far as they may know. It may be lost.
    pub(in crate::streaming) async fn tell(conn: &mut Conn, account: AccountId) -> Result<()> {
        let followers = account_follows::table
            .filter(account_follows::followed_id.eq(account))
            .order((account_follows::followed_at.desc(), account_follows::follower_id.desc()))
            .limit(TOLD)
            .select(account_follows::follower_id);
        let followers: Vec<AccountId> = followers.load(conn).await?;
        for some in followers.chunks(IN_ONE_MESSAGE) {
            let channels = some.iter().map(|follower| format!("account:{follower}")).collect();
            let data = json!({ "account_id": account });
            live::mention(conn, channels, Message { event: "now_playing".to_owned(), id: None, data }).await?;
        }
        Ok(())
    }
}
