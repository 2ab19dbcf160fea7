//! Closing accounts: the time until which each may come back, and what is due.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{accounts, registrations};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// What the erasure needs to know of an account, whose row the transaction holds.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(super) struct Due {
    pub(super) id: AccountId,
    pub(super) email: String,
}

impl Due {
    /// Accounts whose time is over, at most `limit`.
    pub(super) async fn list(conn: &mut Conn, now: DateTime<Utc>, limit: i64) -> Result<Vec<AccountId>> {
        let due = accounts::table.filter(accounts::closing_until.le(now)).select(accounts::id);
        Ok(due.order(accounts::closing_until).limit(limit).load(conn).await?)
    }

    /// The account, if its time is still over now that nobody else can change it.
    pub(super) async fn lock(conn: &mut Conn, id: AccountId, now: DateTime<Utc>) -> Result<Option<Self>> {
        let due = accounts::table.find(id).filter(accounts::closing_until.le(now)).select(Self::as_select());
        Ok(due.for_update().first(conn).await.optional()?)
    }

    /// Takes the row away, and with it all that hangs on it; and registrations that wait under its address. Its handles
    /// stay taken.
    pub(super) async fn delete(&self, conn: &mut Conn) -> Result<()> {
        diesel::delete(registrations::table.filter(registrations::email.eq(&self.email))).execute(conn).await?;
        diesel::delete(accounts::table.find(self.id)).execute(conn).await?;
        Ok(())
    }
}

/// Sets the time after which an account is erased.
pub(super) async fn begin(conn: &mut Conn, id: AccountId, until: DateTime<Utc>) -> Result<()> {
    diesel::update(accounts::table.find(id)).set(accounts::closing_until.eq(until)).execute(conn).await?;
    Ok(())
}
