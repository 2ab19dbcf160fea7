//! What the table of jobs tells: counts, dead letters. And its purge.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;

use crate::platform::db::{Conn, named};
use crate::platform::error::Result;
use crate::platform::id::{JobId, RequestId};
use crate::platform::schema::jobs;

named! {
    /// Where a job stands.
    pub enum State {
        /// Waits for its time or for a free worker.
        Pending = "pending",
        /// A worker holds a lease on it.
        Running = "running",
        Done = "done",
        /// All attempts failed: a dead letter.
        Dead = "dead",
        Cancelled = "cancelled",
    }
}

/// How many jobs of a queue are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Count {
    pub queue: String,
    pub state: State,
    pub jobs: i64,
}

/// Jobs that wait, run or are dead, by queue. Ended ones are not counted: there may be millions.
pub async fn counts(conn: &mut Conn) -> Result<Vec<Count>> {
    let open = jobs::state.eq_any([State::Pending, State::Running]);
    let is_dead = jobs::state.eq(State::Dead).and(jobs::finished_at.is_not_null());
    let counts = jobs::table
        .filter(open.or(is_dead))
        .group_by((jobs::queue, jobs::state))
        .select((jobs::queue, jobs::state, diesel::dsl::count_star()))
        .load(conn)
        .await?;
    Ok(counts)
}

/// A dead letter.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct Dead {
    pub id: JobId,
    pub queue: String,
    pub kind: String,
    pub payload: Value,
    pub attempts: i16,
    pub last_error: Option<String>,
    pub request_id: Option<RequestId>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// The newest dead letters, at most `limit`.
pub async fn dead(conn: &mut Conn, limit: i64) -> Result<Vec<Dead>> {
    let letters = jobs::table
        .filter(jobs::state.eq(State::Dead).and(jobs::finished_at.is_not_null()))
        .order(jobs::finished_at.desc())
        .limit(limit)
        .select(Dead::as_select())
        .load(conn)
        .await?;
    Ok(letters)
}

/// Removes dead letters that say something of a thing that is erased: their payloads are kept longer than all others.
pub(crate) async fn forget_dead(conn: &mut Conn, about: uuid::Uuid) -> Result<()> {
    let dead = diesel::sql_query(
        "delete from platform.jobs where state = 'dead' and finished_at is not null and position($1::text in payload::text) > 0",
    );
    dead.bind::<diesel::sql_types::Uuid, _>(about).execute(conn).await?;
    Ok(())
}

/// Removes jobs that ended a day ago, and dead letters after thirty; answers with their number. Several processes may
/// do this at once: each skips what another holds.
pub(super) async fn purge(conn: &mut Conn) -> Result<usize> {
    let removed = diesel::sql_query(
        "delete from platform.jobs where id in (select id from platform.jobs where finished_at is not null and \
         ((state in ('done', 'cancelled') and finished_at < now() - interval '1 day') \
         or (state = 'dead' and finished_at < now() - interval '30 days')) limit 50000 for update skip locked)",
    )
    .execute(conn)
    .await?;
    Ok(removed)
}
