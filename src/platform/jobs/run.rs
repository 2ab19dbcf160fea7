//! What a handler knows of its own run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Double, Timestamptz};
use diesel_async::RunQueryDsl;
use tokio::sync::watch;

use super::State;
use super::lease::{Lease, Signal};
use super::worker::Worker;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{JobId, RequestId};
use crate::platform::schema::jobs;

/// Progress is written this often, at the most.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

/// One attempt at a job, as its handler sees it. Cheap to clone.
#[derive(Clone)]
pub struct Run(Arc<Inner>);

struct Inner {
    worker: Arc<Worker>,
    id: JobId,
    attempt: i16,
    max_attempts: i16,
    request_id: Option<RequestId>,
    lease: Duration,
    signal: watch::Receiver<Signal>,
    completed: Arc<AtomicBool>,
    progress_written: Mutex<Option<Instant>>,
}

impl Run {
    pub(super) fn of(lease: &Lease) -> Self {
        Self(Arc::new(Inner {
            worker: lease.worker.clone(),
            id: lease.job.id,
            attempt: lease.job.attempt,
            max_attempts: lease.job.allowed(),
            request_id: lease.job.request_id,
            lease: lease.length,
            signal: lease.signal.clone(),
            completed: lease.completed.clone(),
            progress_written: Mutex::default(),
        }))
    }

    /// The job's id.
    pub fn id(&self) -> JobId {
        self.0.id
    }

    /// The number of this attempt, from 1.
    pub fn attempt(&self) -> i16 {
        self.0.attempt
    }

    /// How many attempts the job has in all, those included that were lost with their workers.
    pub fn max_attempts(&self) -> i16 {
        self.0.max_attempts
    }

    /// The request that caused the job, if one did.
    pub fn request_id(&self) -> Option<RequestId> {
        self.0.request_id
    }

    /// Waits until the job is cancelled or lost to another worker. The handler's future is dropped then; this is for what
    /// does not stop by a drop.
    pub async fn cancelled(&self) {
        let _ = self.0.signal.clone().wait_for(|signal| *signal != Signal::GoOn).await;
    }

    /// Whether it is cancelled or lost: for blocking code to ask now and then.
    pub fn is_cancelled(&self) -> bool {
        // A closed channel means that the lease is gone.
        *self.0.signal.borrow() != Signal::GoOn || self.0.signal.has_changed().is_err()
    }

    /// Notes how far the run is, in percent, where `admin` shows it. Calls within half a second of the last write do nothing;
    /// a failure is logged and no more, for nothing depends on it.
    pub async fn progress(&self, percent: u8) {
        if !self.is_progress_due() {
            return;
        }
        if let Err(error) = self.write_progress(percent.min(100)).await {
            tracing::warn!(%error, "writing a job's progress");
        }
    }

    fn is_progress_due(&self) -> bool {
        let mut written = self.0.progress_written.lock().unwrap_or_else(PoisonError::into_inner);
        let due = written.is_none_or(|written| written.elapsed() >= PROGRESS_EVERY);
        if due {
            *written = Some(Instant::now());
        }
        due
    }

    async fn write_progress(&self, percent: u8) -> Result<()> {
        let conn: &mut Conn = &mut *self.0.worker.db.conn().await?;
        diesel::update(held(self.0.id, self.0.attempt, &self.0.worker.name))
            .set(jobs::progress.eq(i16::from(percent)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Lets the caller's transaction commit only if this run still holds its job: not cancelled, and not given to another
    /// worker, now or until the commit. Every transaction of a handler begins with it, so that a step takes effect once
    /// however often it is run.
    pub async fn fence(&self, conn: &mut Conn) -> Result<()> {
        let until = sql::<Timestamptz>("clock_timestamp() + make_interval(secs => ")
            .bind::<Double, _>(self.0.lease.as_secs_f64())
            .sql(")");
        let fenced = diesel::update(
            held(self.0.id, self.0.attempt, &self.0.worker.name).filter(jobs::cancel_requested.eq(false)),
        )
        .set(jobs::lease_until.eq(until.nullable()))
        .execute(conn)
        .await?;
        self.check(fenced)
    }

    /// Ends the job in the caller's transaction, under the same condition as [`fence`](Self::fence): its last effect and its
    /// end are one, and it is not run again whatever happens after the commit. Should the transaction not commit, the job runs
    /// again.
    pub async fn complete(&self, conn: &mut Conn) -> Result<()> {
        let ended = diesel::update(
            held(self.0.id, self.0.attempt, &self.0.worker.name).filter(jobs::cancel_requested.eq(false)),
        )
        .set((
            jobs::state.eq(State::Done),
            jobs::lease_until.eq(None::<chrono::DateTime<chrono::Utc>>),
            jobs::finished_at.eq(diesel::dsl::now),
            jobs::progress.eq(100),
        ))
        .execute(conn)
        .await?;
        self.check(ended)?;
        self.0.completed.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn check(&self, rows: usize) -> Result<()> {
        if rows == 1 {
            return Ok(());
        }
        Err(anyhow::anyhow!("job {} was cancelled, or attempt {} lost its lease", self.0.id, self.0.attempt).into())
    }
}

/// A job's row, as long as this attempt of this worker holds it.
#[diesel::dsl::auto_type]
fn held<'a>(id: JobId, attempt: i16, worker: &'a str) -> _ {
    let running: State = State::Running;
    jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::state.eq(running))
        .filter(jobs::attempts.eq(attempt))
        .filter(jobs::worker.eq(worker))
}
