//! Cancel a job: one that waits is gone at once, one that runs is told.

use diesel::dsl::{case_when, now};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use serde_json::json;

use super::{JOB_CANCELLED, State};
use crate::platform::broadcast;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::JobId;
use crate::platform::schema::jobs::dsl::*;

/// Cancels a job in the caller's transaction; false when it had ended before. A running job can commit nothing fenced
/// after this transaction, and its future is dropped within milliseconds, or at its next heartbeat.
pub async fn cancel(conn: &mut Conn, job: JobId) -> Result<bool> {
    let waits = state.eq(State::Pending);
    let left: Option<State> = diesel::update(jobs.find(job).filter(state.eq_any([State::Pending, State::Running])))
        .set((
            cancel_requested.eq(true),
            state.eq(case_when(waits, State::Cancelled.into_sql::<Text>()).otherwise(state)),
            finished_at.eq(case_when(waits, now.into_sql::<Nullable<Timestamptz>>()).otherwise(finished_at)),
        ))
        .returning(state)
        .get_result(conn)
        .await
        .optional()?;
    if left == Some(State::Running) {
        broadcast::nudge(conn, JOB_CANCELLED, &json!(job)).await?;
    }
    Ok(left.is_some())
}

/// Cancels the job that waits or runs under a key; false when there is none.
pub async fn cancel_by_key(conn: &mut Conn, key: &str) -> Result<bool> {
    let open = jobs.filter(unique_key.eq(key)).filter(state.eq_any([State::Pending, State::Running]));
    let found: Option<JobId> = open.select(id).first(conn).await.optional()?;
    match found {
        Some(job) => cancel(conn, job).await,
        None => Ok(false),
    }
}
