//! The stars that an account gave to tracks: rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TrackId};
use crate::streaming::schema::ratings;

/// A row of `streaming.ratings`.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = ratings)]
pub(super) struct Rating {
    pub(super) account_id: AccountId,
    pub(super) track_id: TrackId,
    pub(super) stars: i16,
    pub(super) rated_at: DateTime<Utc>,
}

impl Rating {
    /// Writes it over the one before.
    pub(super) async fn save(&self, conn: &mut Conn) -> Result<()> {
        let save = diesel::insert_into(ratings::table).values(self);
        save.on_conflict((ratings::account_id, ratings::track_id)).do_update().set(self).execute(conn).await?;
        Ok(())
    }

    pub(super) async fn delete(conn: &mut Conn, account: AccountId, track: TrackId) -> Result<()> {
        diesel::delete(ratings::table.find((account, track))).execute(conn).await?;
        Ok(())
    }
}
