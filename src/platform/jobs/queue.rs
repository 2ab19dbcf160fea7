//! A queue and its handlers, as `app` puts them together.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::{Backoff, Job, Run};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};

/// How long a worker may be silent before its jobs are given to another: short, so that a killed worker's jobs run again
/// within ten seconds.
const LEASE: Duration = Duration::from_secs(6);

/// Jobs of one queue: how many run at a time in a process, and who handles them. `C` is what every handler is given.
pub struct Queue<C> {
    pub(super) name: &'static str,
    pub(super) concurrency: usize,
    pub(super) batch: usize,
    pub(super) lease: Duration,
    pub(super) handlers: HashMap<&'static str, Handler<C>>,
    pub(super) undertakers: HashMap<&'static str, Undertaker>,
}

/// The handler of one kind of job.
#[derive(Clone)]
pub(super) struct Handler<C> {
    pub(super) backoff: Backoff,
    pub(super) max_losses: i16,
    pub(super) handle: Handle<C>,
}

type Handle<C> = Arc<dyn Fn(C, Value, Run) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

/// Called in the transaction that makes a job dead, with its payload and last error.
pub(super) type Undertaker =
    Arc<dyn for<'c> Fn(&'c mut Conn, Value, String) -> BoxFuture<'c, Result<()>> + Send + Sync>;

impl<C: Send + 'static> Queue<C> {
    /// A queue with one job at a time and one job per fetch, which suits long steps.
    pub fn new(name: &'static str) -> Self {
        Self { name, concurrency: 1, batch: 1, lease: LEASE, handlers: HashMap::new(), undertakers: HashMap::new() }
    }

    /// How many of its jobs run at the same time in this process.
    pub fn concurrency(mut self, jobs: usize) -> Self {
        self.concurrency = jobs.max(1);
        self
    }

    /// How many jobs are fetched at once, at the most: about 10 for short jobs. Never more than may run.
    pub fn batch(mut self, jobs: usize) -> Self {
        self.batch = jobs.max(1);
        self
    }

    /// How long a worker of this queue may be silent; it renews at a third of that.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Runs jobs of kind `J` by `handler`: `async fn(C, J, Run) -> Result<(), Failure>`. Each run may be the second one.
    ///
    /// # Panics
    /// When `J` belongs to another queue: a mistake in the wiring, found at the start.
    pub fn on<J, F, Running>(mut self, handler: F) -> Self
    where
        J: Job,
        F: Fn(C, J, Run) -> Running + Send + Sync + 'static,
        Running: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        assert_eq!(J::QUEUE, self.name, "{} belongs to another queue", J::KIND);
        let handle: Handle<C> = Arc::new(move |context, payload, run| match serde_json::from_value(payload) {
            Ok(job) => Box::pin(handler(context, job, run)),
            Err(error) => Box::pin(async move { Err(anyhow::Error::new(error).context("reading the payload").into()) }),
        });
        self.handlers.insert(J::KIND, Handler { backoff: J::BACKOFF, max_losses: J::MAX_LOSSES, handle });
        self
    }

    /// Calls `undertaker`, `async fn(&mut Conn, J, String) -> Result<()>`, when a job of kind `J` is dead, with its last error
    /// and in the same transaction: what the job worked on is never left as "in progress". An error leaves the job to be
    /// buried again after its lease.
    pub fn on_dead<J: Job>(mut self, undertaker: impl for<'c> OnDead<'c, J>) -> Self {
        let undertaker = Arc::new(undertaker);
        let bury = move |payload, last_error| {
            let job = serde_json::from_value::<J>(payload);
            (undertaker.clone(), job, last_error)
        };
        self.undertakers.insert(
            J::KIND,
            Arc::new(move |conn, payload, last_error| match bury(payload, last_error) {
                (undertaker, Ok(job), last_error) => Box::pin(undertaker(conn, job, last_error)),
                (_, Err(error), _) => Box::pin(async move {
                    tracing::error!(kind = J::KIND, %error, "a dead job's payload cannot be read");
                    Ok(())
                }),
            }),
        );
        self
    }
}

/// The form of `async fn(&mut Conn, J, String) -> Result<()>`.
pub trait OnDead<'c, J>: Fn(&'c mut Conn, J, String) -> Self::Running + Send + Sync + 'static {
    /// The function's future.
    type Running: Future<Output = Result<()>> + Send + 'c;
}

impl<'c, J, F, Running> OnDead<'c, J> for F
where
    F: Fn(&'c mut Conn, J, String) -> Running + Send + Sync + 'static,
    Running: Future<Output = Result<()>> + Send + 'c,
{
    type Running = Running;
}

/// Why an attempt failed, and whether another one can help. Any error becomes one that is tried again by `?`.
#[derive(Debug)]
pub struct Failure {
    pub(super) cause: Error,
    pub(super) is_final: bool,
}

impl Failure {
    /// No attempt will ever succeed: the job is dead now.
    pub fn give_up(cause: impl Into<Error>) -> Self {
        Self { cause: cause.into(), is_final: true }
    }
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(cause: E) -> Self {
        Self { cause: cause.into(), is_final: false }
    }
}
