//! Our copy of who runs the server.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;

use super::schema::administrators;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// A row of `notifications.administrators`.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = administrators)]
pub(super) struct Administrator {
    pub(super) account_id: AccountId,
    pub(super) is_administrator: bool,
    pub(super) changed_at: DateTime<Utc>,
}

impl Administrator {
    /// Takes over what an event says, unless a newer one came before it.
    pub(super) async fn put(&self, conn: &mut Conn) -> Result<()> {
        use diesel::query_dsl::methods::FilterDsl;
        let upsert = diesel::insert_into(administrators::table)
            .values(self)
            .on_conflict(administrators::account_id)
            .do_update()
            .set((
                administrators::is_administrator.eq(excluded(administrators::is_administrator)),
                administrators::changed_at.eq(excluded(administrators::changed_at)),
            ));
        FilterDsl::filter(upsert, administrators::changed_at.lt(excluded(administrators::changed_at)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Who runs the server now.
    pub(super) async fn list(conn: &mut Conn) -> Result<Vec<AccountId>> {
        let list = administrators::table.filter(administrators::is_administrator).select(administrators::account_id);
        Ok(list.load(conn).await?)
    }

    pub(super) async fn delete(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::delete(administrators::table.find(account)).execute(conn).await?;
        Ok(())
    }
}
