//! Our copy of who follows whom.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;

use super::schema::follows;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId};

/// The lock between those who tell followers and those who forget one ("follows" in ASCII).
const TELLING: i64 = 0x66_6f6c_6c6f_7773;

/// A row of `notifications.follows`.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = follows)]
pub(super) struct Follow {
    pub(super) artist_id: ArtistId,
    pub(super) account_id: AccountId,
    pub(super) following: bool,
    pub(super) changed_at: DateTime<Utc>,
}

impl Follow {
    /// Takes over what an event says, unless a newer one came before it.
    pub(super) async fn put(&self, conn: &mut Conn) -> Result<()> {
        use diesel::query_dsl::methods::FilterDsl;
        let upsert = diesel::insert_into(follows::table)
            .values(self)
            .on_conflict((follows::artist_id, follows::account_id))
            .do_update()
            .set((
                follows::following.eq(excluded(follows::following)),
                follows::changed_at.eq(excluded(follows::changed_at)),
            ));
        FilterDsl::filter(upsert, follows::changed_at.lt(excluded(follows::changed_at))).execute(conn).await?;
        Ok(())
    }

    /// Followers of an artist in the order of their ids, after one of them.
    pub(super) async fn list(
        conn: &mut Conn,
        artist: ArtistId,
        after: Option<AccountId>,
        limit: i64,
    ) -> Result<Vec<AccountId>> {
        let mut followers = follows::table
            .filter(follows::artist_id.eq(artist).and(follows::following))
            .order(follows::account_id)
            .limit(limit)
            .select(follows::account_id)
            .into_boxed();
        if let Some(after) = after {
            followers = followers.filter(follows::account_id.gt(after));
        }
        Ok(followers.load(conn).await?)
    }

    /// Forgets whom an account follows.
    pub(super) async fn delete_all(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::delete(follows::table.filter(follows::account_id.eq(account))).execute(conn).await?;
        Ok(())
    }

    /// Until this transaction ends, nobody is forgotten: who tells followers of something may tell them all.
    pub(super) async fn begin_to_tell(conn: &mut Conn) -> Result<()> {
        let shared = prepared(sql("select pg_advisory_xact_lock_shared($1)").bind::<BigInt, _>(TELLING));
        shared.execute(conn).await?;
        Ok(())
    }

    /// Waits until nobody is telling followers of something, and lets nobody begin until this transaction ends.
    pub(super) async fn wait_for_tellers(conn: &mut Conn) -> Result<()> {
        let alone = prepared(sql("select pg_advisory_xact_lock($1)").bind::<BigInt, _>(TELLING));
        alone.execute(conn).await?;
        Ok(())
    }
}
