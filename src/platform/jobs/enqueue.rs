//! Enqueue a job, in the caller's transaction.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Job;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::JobId;
use crate::platform::schema::jobs;
use crate::platform::telemetry;

/// A job that is about to be enqueued.
#[must_use = "a job waits only after `enqueue`"]
pub struct New<J> {
    job: J,
    key: Option<String>,
    priority: i16,
    at: Option<DateTime<Utc>>,
}

/// A job with more to say about it: `jobs::new(Probe { track }).key("…").enqueue(conn)`.
pub fn new<J: Job>(job: J) -> New<J> {
    New { job, key: None, priority: 0, at: None }
}

/// Enqueues a job as it is. It starts after the commit of the caller's transaction, and never without it.
pub async fn enqueue<J: Job>(conn: &mut Conn, job: J) -> Result<()> {
    new(job).enqueue(conn).await.map(drop)
}

impl<J: Job> New<J> {
    /// At most one job of an equal key waits or runs at any time.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Higher goes first within the queue; 0 is normal.
    pub fn priority(mut self, priority: i16) -> Self {
        self.priority = priority;
        self
    }

    /// Not before this time.
    pub fn at(mut self, time: DateTime<Utc>) -> Self {
        self.at = Some(time);
        self
    }

    /// Enqueues it in the caller's transaction. `None`: a job of an equal key waits or runs already.
    pub async fn enqueue(self, conn: &mut Conn) -> Result<Option<JobId>> {
        let payload = serde_json::to_value(&self.job).map_err(anyhow::Error::from)?;
        let row = Row {
            id: JobId::new(),
            queue: J::QUEUE,
            kind: J::KIND,
            payload,
            priority: self.priority,
            unique_key: self.key,
            max_attempts: J::MAX_ATTEMPTS,
            run_at: self.at,
            request_id: telemetry::current_request(),
        };
        let id = row.id;
        let inserted = diesel::insert_into(jobs::table).values(row).on_conflict_do_nothing().execute(conn).await?;
        Ok((inserted == 1).then_some(id))
    }
}

#[derive(Insertable)]
#[diesel(table_name = jobs)]
struct Row {
    id: JobId,
    queue: &'static str,
    kind: &'static str,
    payload: serde_json::Value,
    priority: i16,
    unique_key: Option<String>,
    max_attempts: i16,
    run_at: Option<DateTime<Utc>>,
    request_id: Option<crate::platform::id::RequestId>,
}
