//! Leases: the jobs that this process holds.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, watch};

use super::fetch::Fetched;
use super::worker::Worker;
use crate::platform::id::JobId;

/// Whether a run may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    GoOn,
    /// Somebody cancelled the job.
    Cancelled,
    /// Another worker has the job, or it ended.
    Lost,
}

/// One attempt at one job, held by this worker. A lease that is dropped without a settlement gives its job back at once,
/// the attempt refunded.
pub(super) struct Lease {
    pub(super) worker: Arc<Worker>,
    pub(super) job: Fetched,
    pub(super) queue: &'static str,
    pub(super) length: Duration,
    pub(super) signal: watch::Receiver<Signal>,
    /// The handler ended the job in a transaction of its own.
    pub(super) completed: Arc<AtomicBool>,
    settled: AtomicBool,
    _slot: OwnedSemaphorePermit,
}

impl Lease {
    pub(super) fn new(
        worker: &Arc<Worker>,
        job: Fetched,
        queue: &'static str,
        length: Duration,
        slot: OwnedSemaphorePermit,
    ) -> Self {
        let first = if job.cancel_requested { Signal::Cancelled } else { Signal::GoOn };
        let signal = worker.leases.hold(job.id, job.attempt, length, first);
        let (completed, settled) = (Arc::default(), AtomicBool::new(false));
        Self { worker: worker.clone(), job, queue, length, signal, completed, settled, _slot: slot }
    }

    /// The row says what became of the job, or will be found by another fetch: nothing to give back.
    pub(super) fn let_go(&self) {
        self.settled.store(true, Ordering::Relaxed);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.worker.leases.release(self.job.id, self.job.attempt);
        if !self.settled.load(Ordering::Relaxed) {
            self.worker.settler.give_back(self.job.id, self.job.attempt);
        }
    }
}

/// The leases of this process.
#[derive(Default)]
pub(super) struct Leases {
    held: Mutex<HashMap<JobId, Held>>,
}

struct Held {
    attempt: i16,
    length: Duration,
    signal: watch::Sender<Signal>,
}

impl Leases {
    fn hold(&self, job: JobId, attempt: i16, length: Duration, first: Signal) -> watch::Receiver<Signal> {
        let (signal, receiver) = watch::channel(first);
        // This process may have lost an earlier attempt at the same job without knowing yet.
        if let Some(earlier) = self.lock().insert(job, Held { attempt, length, signal }) {
            earlier.signal.send_replace(Signal::Lost);
        }
        receiver
    }

    fn release(&self, job: JobId, attempt: i16) {
        let mut held = self.lock();
        if held.get(&job).is_some_and(|lease| lease.attempt == attempt) {
            held.remove(&job);
        }
    }

    /// Tells the run of a job, if it is here.
    pub(super) fn tell(&self, job: JobId, signal: Signal) {
        if let Some(lease) = self.lock().get(&job) {
            lease.signal.send_replace(signal);
        }
    }

    /// Every lease: job, attempt and length.
    pub(super) fn all(&self) -> Vec<(JobId, i16, Duration)> {
        self.lock().iter().map(|(job, lease)| (*job, lease.attempt, lease.length)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<JobId, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
