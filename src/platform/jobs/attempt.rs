//! One attempt: the handler in a task of its own, until it ends, panics, or its lease does.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use apalis_core::task::Task;
use futures_util::future::{BoxFuture, FutureExt};
use tokio::task::{JoinError, JoinSet};
use tower::Service;
use tracing::{Instrument, Span};

use super::lease::{Lease, Signal};
use super::queue::{Failure, Handler};
use super::{Backoff, Run};
use crate::platform::error::Result;
use crate::platform::telemetry;

/// How an attempt ended.
#[derive(Debug)]
pub(super) enum Ending {
    Done,
    Failed {
        error: String,
        /// The pause before the next attempt; `None` when there shall be none.
        again: Option<std::time::Duration>,
    },
    Cancelled,
    /// Another worker has the job.
    Lost,
}

/// The innermost service of a queue's worker: runs the handlers.
pub(super) struct Attempts<C> {
    pub(super) context: C,
    pub(super) handlers: Arc<HashMap<&'static str, Handler<C>>>,
}

impl<C: Clone> Clone for Attempts<C> {
    fn clone(&self) -> Self {
        Self { context: self.context.clone(), handlers: self.handlers.clone() }
    }
}

impl<C: Clone + Send + Sync + 'static> Service<Task<Arc<Lease>>> for Attempts<C> {
    type Response = Ending;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Ending, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, task: Task<Arc<Lease>>) -> Self::Future {
        let attempts = self.clone();
        Box::pin(async move { Ok(attempts.attempt(&task.args).await) })
    }
}

impl<C: Clone + Send + Sync + 'static> Attempts<C> {
    async fn attempt(&self, lease: &Lease) -> Ending {
        let job = &lease.job;
        if job.is_hopeless {
            // It ended for good before, and that could not be written whole.
            return Ending::Failed { error: job.last_error.clone().unwrap_or_default(), again: None };
        }
        if job.cancel_requested {
            return Ending::Cancelled;
        }
        let Some(handler) = self.handlers.get(job.kind.as_str()) else {
            let error = format!("this process knows no job {}", job.kind);
            return Ending::failed(error, Backoff::DEFAULT, lease);
        };
        if job.losses > handler.max_losses {
            // Once too often its worker was lost; the fetch wrote so.
            return Ending::Failed { error: job.last_error.clone().unwrap_or_default(), again: None };
        }
        match self.run(handler, lease).await {
            Ran::Ended(Ok(())) => Ending::Done,
            Ran::Ended(Err(failure)) if failure.is_final => {
                Ending::Failed { error: failure.cause.to_string(), again: None }
            }
            Ran::Ended(Err(failure)) => Ending::failed(failure.cause.to_string(), handler.backoff, lease),
            Ran::Panicked(error) => Ending::failed(error, handler.backoff, lease),
            Ran::Stopped(Signal::Cancelled) => Ending::Cancelled,
            Ran::Stopped(_) => Ending::Lost,
        }
    }

    async fn run(&self, handler: &Handler<C>, lease: &Lease) -> Ran {
        let job = &lease.job;
        let work =
            (handler.handle)(self.context.clone(), job.payload.clone(), Run::of(lease)).instrument(Span::current());
        // The set catches a panic, and ends the task when it is dropped.
        let mut task = JoinSet::new();
        match job.request_id {
            Some(request) => task.spawn(telemetry::on_behalf_of(request, work)),
            None => task.spawn(work),
        };
        let mut signal = lease.signal.clone();
        tokio::select! {
            biased;
            Some(ended) = task.join_next() => ended.map_or_else(Ran::panicked, Ran::Ended),
            Ok(signal) = signal.wait_for(|signal| *signal != Signal::GoOn).map(|changed| changed.map(|signal| *signal)) => {
                task.shutdown().await;
                Ran::Stopped(signal)
            }
        }
    }
}

enum Ran {
    Ended(Result<(), Failure>),
    Panicked(String),
    Stopped(Signal),
}

impl Ran {
    fn panicked(error: JoinError) -> Self {
        let Ok(panic) = error.try_into_panic() else { return Self::Panicked("the task was aborted".into()) };
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        Self::Panicked(format!("panicked: {}", text.unwrap_or("without a message")))
    }
}

impl Ending {
    /// A failure that is tried again while attempts are left.
    fn failed(error: String, backoff: Backoff, lease: &Lease) -> Self {
        let (job, left) = (&lease.job, lease.job.attempt < lease.job.allowed());
        Self::Failed { error, again: left.then(|| backoff.after(job.attempt - job.losses)) }
    }

    /// Its name in the figures.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed { again: Some(_), .. } => "failed",
            Self::Failed { again: None, .. } => "dead",
            Self::Cancelled => "cancelled",
            Self::Lost => "lost",
        }
    }
}
