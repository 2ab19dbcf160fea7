//! The outbox: events recorded in the transaction that made them true, and handed to every subscriber after it.
//!
//! ```text
//! record ─▶ outbox ──Relay──▶ one job per subscriber ──▶ { inbox row, the subscriber's changes } in one transaction
//! ```
//! Delivered at least once, effective exactly once, in no promised order.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::db::Conn;
use super::error::Result;
use super::event::Event;
use super::id::EventId;
use super::schema::outbox;
use super::telemetry;

mod delivery;
mod relay;

pub use delivery::{OnEvent, QUEUE, Subscribers};
pub use relay::Relay;

/// Records an event in the caller's transaction. It reaches each subscriber at least once after the commit, never without it.
pub async fn record(conn: &mut Conn, event: &Event) -> Result<()> {
    let id = EventId::new();
    let payload = serde_json::to_value(event).map_err(anyhow::Error::from)?;
    diesel::insert_into(outbox::table)
        .values((
            outbox::id.eq(id),
            outbox::name.eq(event.name()),
            outbox::payload.eq(payload),
            outbox::request_id.eq(telemetry::current_request()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// How many events wait for the relay.
pub async fn count_waiting(conn: &mut Conn) -> Result<i64> {
    Ok(outbox::table.filter(outbox::relayed_at.is_null()).count().get_result(conn).await?)
}
