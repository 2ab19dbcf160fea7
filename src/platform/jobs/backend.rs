//! The source of jobs that an apalis worker polls.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use apalis_core::backend::finalize::Ephemeral;
use apalis_core::backend::{Backend, BackendConfig};
use apalis_core::task::Task;
use apalis_core::worker::context::WorkerContext;
use tokio::sync::mpsc;

use super::layer::Settling;
use super::lease::Lease;
use super::worker::Worker;
use crate::platform::id::JobId;

/// The leases of one queue, as its fetcher brings them. The fetcher takes no more than there are free slots, so whatever
/// comes can start at once.
pub(super) struct Source {
    pub(super) worker: Arc<Worker>,
    pub(super) fetched: mpsc::UnboundedReceiver<Lease>,
    pub(super) settling: Settling,
}

impl Backend for Source {
    type Task = Task<Arc<Lease>>;
    type Error = FetcherEnded;

    fn poll_ready(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), FetcherEnded>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        _: &WorkerContext,
    ) -> Poll<Option<Result<Task<Arc<Lease>>, FetcherEnded>>> {
        match ready!(self.fetched.poll_recv(cx)) {
            Some(lease) => Poll::Ready(Some(Ok(Task::new(Arc::new(lease))))),
            None if self.worker.is_closing() => Poll::Ready(None),
            None => Poll::Ready(Some(Err(FetcherEnded))),
        }
    }

    fn poll_close(&mut self, cx: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), FetcherEnded>> {
        // What was fetched and did not start is given back by its drop.
        while ready!(self.fetched.poll_recv(cx)).is_some() {}
        Poll::Ready(Ok(()))
    }
}

impl BackendConfig for Source {
    type Args = Arc<Lease>;
    type Id = JobId;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Settling;

    fn config(&self) -> &() {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Settling {
        self.settling.clone()
    }
}

/// The fetcher's task ended while the worker was running: only a panic does that, and the monitor starts both again.
#[derive(Debug)]
pub(super) struct FetcherEnded;

impl std::fmt::Display for FetcherEnded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the fetcher ended")
    }
}

impl std::error::Error for FetcherEnded {}
