//! What an account's players have lined up: the row and its queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;

use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TrackId};
use crate::streaming::schema::queues;

/// A row of `streaming.queues`: what a player puts, and what the queue's `ETag` names.
#[derive(Debug, Clone, Default, Serialize, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = queues, treat_none_as_null = true)]
pub(crate) struct QueueRow {
    pub(super) track_ids: Vec<TrackId>,
    /// Counted from 0.
    pub(super) current: Option<i32>,
    pub(super) position_ms: i32,
    pub(super) device: Option<String>,
    /// Null where nothing was put yet.
    pub(super) put_at: Option<DateTime<Utc>>,
}

impl QueueRow {
    /// An empty one where nothing was put yet.
    pub(super) async fn find(conn: &mut Conn, account: AccountId) -> Result<Self> {
        let found = queues::table.find(account).select(Self::as_select()).first(conn).await.optional()?;
        Ok(found.unwrap_or_default())
    }

    /// The same, for nobody else to change until the transaction ends.
    pub(super) async fn lock(conn: &mut Conn, account: AccountId) -> Result<Self> {
        // What is not there cannot be locked.
        let empty = diesel::insert_into(queues::table).values(queues::account_id.eq(account));
        empty.on_conflict_do_nothing().execute(conn).await?;
        Ok(queues::table.find(account).select(Self::as_select()).for_update().first(conn).await?)
    }

    /// Puts it; the answer is what is kept of it.
    pub(super) async fn save(&self, conn: &mut Conn, account: AccountId) -> Result<Self> {
        let put = diesel::update(queues::table.find(account)).set(self).returning(Self::as_returning());
        Ok(put.get_result(conn).await?)
    }
}
