//! Fetch jobs: the long poll of one queue, and the statement under it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Double, Text};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::sleep;

use super::lease::Lease;
use super::line::{Line, answer};
use super::worker::Worker;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{JobId, RequestId};
use crate::platform::schema::jobs;

/// A look beside the wake-ups: for jobs whose time comes, leases that run out and lost notifications.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The pause after a failure of the database, which never ends a worker.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// Fetches the jobs of one queue as slots become free.
pub(super) struct Fetcher {
    pub(super) worker: Arc<Worker>,
    pub(super) queue: &'static str,
    /// Jobs per fetch, at the most.
    pub(super) batch: usize,
    pub(super) lease: Duration,
    /// One permit for each job that may run at the same time.
    pub(super) slots: Arc<Semaphore>,
    pub(super) woken: Arc<Notify>,
    pub(super) line: Line,
    /// Never holds more than there are slots.
    pub(super) fetched: mpsc::UnboundedSender<Lease>,
}

impl Fetcher {
    /// Fetches until the worker closes. It runs in a task of its own, and a query is never dropped half-way: the jobs that
    /// it took would wait for their lease to run out.
    pub(super) async fn run(mut self) {
        let wake_up = self.woken.clone();
        while let Some(slots) = self.free_slots().await {
            // Armed before the query: what is enqueued during it wakes the next one.
            let mut woken = pin!(wake_up.notified());
            woken.as_mut().enable();
            match self.fetch(slots).await {
                Ok(0) => self.rest(woken).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(queue = self.queue, %error, "fetching jobs");
                    sleep(TRY_AGAIN_AFTER).await;
                }
            }
        }
    }

    /// Waits for a free slot and takes what else is free, a batch at the most; `None` when the worker closes.
    async fn free_slots(&self) -> Option<Vec<OwnedSemaphorePermit>> {
        let first = tokio::select! {
            biased;
            () = self.worker.closed() => return None,
            slot = self.slots.clone().acquire_owned() => slot.ok()?,
        };
        let more = std::iter::from_fn(|| self.slots.clone().try_acquire_owned().ok()).take(self.batch - 1);
        Some(std::iter::once(first).chain(more).collect())
    }

    /// Until there may be work.
    async fn rest(&self, woken: impl Future<Output = ()>) {
        tokio::select! {
            () = woken => {}
            () = sleep(LOOK_EVERY) => {}
            () = self.worker.closed() => {}
        }
    }

    async fn fetch(&mut self, slots: Vec<OwnedSemaphorePermit>) -> Result<usize> {
        let limit = i64::try_from(slots.len()).unwrap_or(i64::MAX);
        let take = Fetched::take(self.line.conn().await?, self.queue, limit, &self.worker.name, self.lease);
        let taken = answer(take).await;
        let mut rows = self.line.checked(taken)?;
        // RETURNING has no order of its own.
        rows.sort_unstable_by_key(|row| (std::cmp::Reverse(row.priority), row.run_at));
        let fetched = rows.len();
        for (row, slot) in rows.into_iter().zip(slots) {
            self.worker.figures.fetched(self.queue, row.waited_seconds);
            // When nobody receives any more, the lease comes back here and is given back by its drop.
            let _ = self.fetched.send(Lease::new(&self.worker, row, self.queue, self.lease, slot));
        }
        Ok(fetched)
    }
}

/// A job that this worker has just taken.
#[derive(Debug, QueryableByName)]
#[diesel(table_name = jobs, check_for_backend(diesel::pg::Pg))]
pub(super) struct Fetched {
    pub(super) id: JobId,
    pub(super) kind: String,
    pub(super) payload: Value,
    /// The number of this attempt, from 1.
    #[diesel(column_name = attempts)]
    pub(super) attempt: i16,
    pub(super) max_attempts: i16,
    /// How many of the attempts before were lost with their workers.
    pub(super) losses: i16,
    /// Whether it failed for good and is only to be buried.
    pub(super) is_hopeless: bool,
    pub(super) cancel_requested: bool,
    pub(super) last_error: Option<String>,
    pub(super) request_id: Option<RequestId>,
    priority: i16,
    run_at: DateTime<Utc>,
    #[diesel(sql_type = Double)]
    waited_seconds: f64,
}

impl Fetched {
    /// How many attempts it has in all, as things stand: what was lost with a worker is had once more.
    pub(super) fn allowed(&self) -> i16 {
        self.max_attempts.saturating_add(self.losses)
    }

    /// Takes jobs of a queue that are due, or whose worker's lease ran out: the most urgent first, at most `limit`.
    /// The array keeps the planner on the primary key, whatever the statistics say.
    async fn take(conn: &mut Conn, queue: &str, limit: i64, worker: &str, lease: Duration) -> QueryResult<Vec<Self>> {
        let take = sql("with due as (
                select id from platform.jobs
                where queue = $1 and state in ('pending', 'running') and coalesce(lease_until, run_at) <= now()
                order by priority desc, coalesce(lease_until, run_at)
                limit $2 for update skip locked)
            update platform.jobs set
                state = 'running', attempts = attempts + 1, progress = 0,
                worker = $3, lease_until = now() + make_interval(secs => $4),
                losses = losses + case when state = 'running' then 1 else 0 end,
                last_error = case when state = 'running' and not is_hopeless
                    then 'worker ' || worker || ' lost in attempt ' || attempts else last_error end
            where id = any(array(select id from due))
            returning id, kind, payload, attempts, max_attempts, losses, is_hopeless, cancel_requested, last_error, request_id, priority,
                run_at, extract(epoch from now() - run_at)::float8 as waited_seconds");
        let take = take.bind::<Text, _>(queue).bind::<BigInt, _>(limit).bind::<Text, _>(worker);
        prepared(take.bind::<Double, _>(lease.as_secs_f64())).load(conn).await
    }
}
