//! A player that is there: rows and queries.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::auth::Proof;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::streaming::schema::players;

/// A player that does not say again that it is there is believed for so long.
pub(super) const SEEN_FOR: TimeDelta = TimeDelta::minutes(5);

/// A row of `streaming.players`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = players)]
pub(in crate::streaming) struct Player {
    pub(super) credential_id: Uuid,
    pub(super) name: String,
    pub(super) seen_at: DateTime<Utc>,
}

impl Player {
    /// Those of an account that are there, the latest heard of first.
    pub(super) async fn list(conn: &mut Conn, account: AccountId, now: DateTime<Utc>) -> Result<Vec<Self>> {
        let there = players::table
            .filter(players::account_id.eq(account).and(players::seen_at.gt(now - SEEN_FOR)))
            .order((players::seen_at.desc(), players::credential_id))
            .limit(50)
            .select(Self::as_select());
        Ok(there.load(conn).await?)
    }

    /// One of an account, if it is there.
    pub(super) async fn find(
        conn: &mut Conn,
        account: AccountId,
        credential: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>> {
        let there = players::table.find((account, credential)).filter(players::seen_at.gt(now - SEEN_FOR));
        Ok(there.select(Self::as_select()).first(conn).await.optional()?)
    }

    /// Notes that a player is there, and what it calls itself.
    pub(super) async fn announce(conn: &mut Conn, proof: &Proof, name: &str, now: DateTime<Utc>) -> Result<()> {
        let told = (players::name.eq(name), players::seen_at.eq(now));
        let whose = (players::account_id.eq(proof.account), players::credential_id.eq(proof.credential.uuid()));
        let insert = diesel::insert_into(players::table).values((whose, told));
        insert.on_conflict((players::account_id, players::credential_id)).do_update().set(told).execute(conn).await?;
        Ok(())
    }

    pub(super) async fn withdraw(conn: &mut Conn, proof: &Proof) -> Result<()> {
        let this = players::table.find((proof.account, proof.credential.uuid()));
        diesel::delete(this).execute(conn).await?;
        Ok(())
    }

    /// Forgets those that are not there any more.
    pub(in crate::streaming) async fn forget_old(conn: &mut Conn, now: DateTime<Utc>) -> Result<()> {
        diesel::delete(players::table.filter(players::seen_at.le(now - SEEN_FOR))).execute(conn).await?;
        Ok(())
    }

    pub(in crate::streaming) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::delete(players::table.filter(players::account_id.eq(account))).execute(conn).await?;
        Ok(())
    }
}
