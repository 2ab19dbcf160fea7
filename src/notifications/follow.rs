//! Our copy of who follows whom.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;

use super::schema::follows;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId};

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
}
