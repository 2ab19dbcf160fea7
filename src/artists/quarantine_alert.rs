//! How much is in quarantine, and how much of it administrators know of.

use diesel::dsl::now;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{quarantine_alerts, tracks};
use super::track::TrackState;
use crate::platform::db::Conn;
use crate::platform::error::Result;

/// The row of `artists.quarantine_alerts`.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = quarantine_alerts)]
pub(super) struct QuarantineAlert {
    /// How many there were when administrators were told last.
    pub(super) told: i64,
}

impl QuarantineAlert {
    /// Locked; none while another process looks.
    pub(super) async fn lock(conn: &mut Conn) -> Result<Option<Self>> {
        let row = quarantine_alerts::table.select(Self::as_select()).for_update().skip_locked();
        Ok(row.first(conn).await.optional()?)
    }

    pub(super) async fn set(conn: &mut Conn, told: i64) -> Result<()> {
        diesel::update(quarantine_alerts::table)
            .set((quarantine_alerts::told.eq(told), quarantine_alerts::changed_at.eq(now)))
            .execute(conn)
            .await?;
        Ok(())
    }
}

/// Façade: how many tracks were rejected, and not deleted since: their originals are in quarantine, or on their way there.
pub(crate) async fn count_quarantined(conn: &mut Conn) -> Result<i64> {
    Ok(tracks::table.filter(tracks::state.eq(TrackState::Rejected)).count().get_result(conn).await?)
}
