//! The layer around every attempt: it writes what became of it before the slot is free.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Instant;

use apalis_core::error::BoxDynError;
use apalis_core::task::Task;
use futures_util::future::BoxFuture;
use tower::{Layer, Service};
use tracing::Instrument;

use super::attempt::Ending;
use super::bury::{Undertakers, bury};
use super::lease::Lease;
use super::settle::Verdict;

/// Settles what the service inside answers with.
#[derive(Clone)]
pub(super) struct Settling {
    pub(super) undertakers: Undertakers,
}

impl<S> Layer<S> for Settling {
    type Service = Settled<S>;

    fn layer(&self, inner: S) -> Settled<S> {
        Settled { inner, undertakers: self.undertakers.clone() }
    }
}

pub(super) struct Settled<S> {
    inner: S,
    undertakers: Undertakers,
}

impl<S> Service<Task<Arc<Lease>>> for Settled<S>
where
    S: Service<Task<Arc<Lease>>, Response = Ending, Error = BoxDynError>,
    S::Future: Send + 'static,
{
    type Response = ();
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<(), Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // The service inside is always ready unless apalis holds it back; it has no error of its own.
        self.inner.poll_ready(cx).map(|_| Ok(()))
    }

    fn call(&mut self, task: Task<Arc<Lease>>) -> Self::Future {
        let (lease, undertakers) = (task.args.clone(), self.undertakers.clone());
        let (attempt, span) = (self.inner.call(task), span(&lease));
        let settled = async move {
            let begun = Instant::now();
            // Without an ending nothing is settled: the lease's drop gives the job back.
            match attempt.await {
                Ok(ending) => {
                    lease.worker.figures.ended(lease.queue, ending.name(), begun.elapsed());
                    settle(&lease, &undertakers, ending).await;
                }
                Err(error) => tracing::error!(%error, "apalis refused a job"),
            }
            Ok(())
        };
        Box::pin(settled.instrument(span))
    }
}

/// Whatever is logged about an attempt, by its handler or by us, says which job it was and whose request caused it.
fn span(lease: &Lease) -> tracing::Span {
    let job = &lease.job;
    let request_id = job.request_id.map(tracing::field::display);
    tracing::info_span!("job", kind = job.kind, id = %job.id, attempt = job.attempt, request_id)
}

async fn settle(lease: &Lease, undertakers: &Undertakers, ending: Ending) {
    let verdict = match ending {
        // Whether that transaction committed, the row knows: if not, the lease runs out and the job runs again.
        Ending::Done if lease.completed.load(Ordering::Relaxed) => return lease.let_go(),
        Ending::Done => Verdict::Done,
        Ending::Cancelled => Verdict::Cancelled,
        Ending::Failed { error, again: Some(after) } => {
            tracing::warn!(error, "an attempt failed");
            Verdict::Again { after, error }
        }
        Ending::Failed { error, again: None } => return bury(lease, undertakers, &error).await,
        Ending::Lost => return lease.let_go(),
    };
    lease.worker.settler.settle(lease.job.id, lease.job.attempt, verdict).await;
    lease.let_go();
}
