//! A play: one press of the button.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::plays;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlayId, TrackId};

/// A row of `streaming.plays`.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = plays)]
pub(super) struct Play {
    pub(super) id: PlayId,
    pub(super) account_id: Option<AccountId>,
    pub(super) track_id: TrackId,
    pub(super) expires_at: DateTime<Utc>,
}

impl Play {
    pub(super) async fn insert(&self, conn: &mut Conn) -> Result<()> {
        diesel::insert_into(plays::table).values(self).execute(conn).await?;
        Ok(())
    }

    pub(super) async fn find(conn: &mut Conn, id: PlayId) -> Result<Option<Self>> {
        Ok(plays::table.find(id).select(Self::as_select()).first(conn).await.optional()?)
    }
}
