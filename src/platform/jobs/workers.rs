//! The workers of this process: started once, stopped in order.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use apalis_core::monitor::Monitor;
use apalis_core::monitor::context::MonitorContext;
use apalis_core::worker::builder::WorkerBuilder;
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::attempt::Attempts;
use super::backend::Source;
use super::fetch::Fetcher;
use super::heartbeat::heartbeat;
use super::layer::Settling;
use super::lease::Signal;
use super::line::Line;
use super::queue::Queue;
use super::settle::Settler;
use super::worker::Worker;
use super::{Figures, JOB_CANCELLED, JOBS_ADDED, row};
use crate::platform::broadcast::{Broadcast, Message};
use crate::platform::db::Db;
use crate::platform::id::JobId;
use crate::platform::task;

const PURGE_EVERY: Duration = Duration::from_secs(600);

/// How long a stop waits for what it gives back to be written.
const LAST_WRITES: Duration = Duration::from_secs(3);

/// The running workers. Dropped without [`stop`](Self::stop) they end as a killed process does: their jobs run again when
/// the leases run out.
pub struct Workers {
    worker: Arc<Worker>,
    monitor: JoinHandle<()>,
    apalis: MonitorContext,
    background: Vec<JoinHandle<()>>,
}

type Wakers = HashMap<&'static str, Arc<Notify>>;

impl Workers {
    /// Starts a worker for each queue. `context` is handed to every handler.
    pub fn start<C: Clone + Send + Sync + 'static>(
        db: &Db,
        context: C,
        queues: Vec<Queue<C>>,
        broadcast: &Broadcast,
        figures: Figures,
    ) -> Self {
        let (settler, settlements) = Settler::new();
        let worker = Worker::new(db, settler, figures);
        let wakers: Wakers = queues.iter().map(|queue| (queue.name, Arc::new(Notify::new()))).collect();
        let shortest = queues.iter().map(|queue| queue.lease).min().unwrap_or(Duration::from_secs(1));
        let mut monitor = Monitor::new().should_restart(|_, _| true);
        for queue in queues {
            let woken = wakers[queue.name].clone();
            monitor = register(monitor, queue, context.clone(), worker.clone(), woken);
        }
        let apalis = monitor.context();
        let background = vec![
            task::background("jobs.settle", settlements.run(Line::to(db), worker.name.clone())),
            task::background("jobs.heartbeat", heartbeat(worker.clone(), Line::to(db), shortest / 3)),
            task::background("jobs.wake", wake(broadcast.clone(), worker.clone(), wakers)),
            task::background("jobs.purge", purge(worker.db.clone())),
        ];
        let monitor = task::background("jobs", async move {
            if let Err(error) = monitor.run().await {
                tracing::error!(%error, "the workers ended");
            }
        });
        Self { worker, monitor, apalis, background }
    }

    /// Fetches nothing more, lets running jobs finish within `limit`, and gives back the rest, the attempt refunded.
    pub async fn stop(mut self, limit: Duration) {
        self.worker.close();
        if self.apalis.shutdown().is_err() {
            tracing::warn!("the workers had ended");
        }
        self.drain(limit).await;
        if timeout(LAST_WRITES, self.worker.settler.flush()).await.is_err() {
            tracing::warn!("the database did not take what the workers gave back");
        }
    }

    async fn drain(&mut self, limit: Duration) {
        if timeout(limit, &mut self.monitor).await.is_err() {
            tracing::warn!("jobs are still running at the stop's limit; they are given back");
            self.monitor.abort();
            let _ = (&mut self.monitor).await;
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.worker.close();
        self.monitor.abort();
        self.background.iter().for_each(JoinHandle::abort);
    }
}

/// Adds the worker of a queue: a fetcher, the source that it fills, the layer that settles, the handlers.
fn register<C: Clone + Send + Sync + 'static>(
    monitor: Monitor,
    queue: Queue<C>,
    context: C,
    worker: Arc<Worker>,
    woken: Arc<Notify>,
) -> Monitor {
    let settling = Settling { undertakers: Arc::new(queue.undertakers) };
    let attempts = Attempts { context, handlers: Arc::new(queue.handlers) };
    monitor.register(move |_restarts| {
        let (sender, fetched) = mpsc::unbounded_channel();
        let fetcher = Fetcher {
            worker: worker.clone(),
            queue: queue.name,
            batch: queue.batch,
            lease: queue.lease,
            slots: Arc::new(Semaphore::new(queue.concurrency)),
            woken: woken.clone(),
            line: Line::to(&worker.db),
            fetched: sender,
        };
        task::background("jobs.fetch", fetcher.run());
        let source = Source { worker: worker.clone(), fetched, settling: settling.clone() };
        WorkerBuilder::new(queue.name).backend(source).build(attempts.clone())
    })
}

/// Turns what other processes say into wake-ups of fetchers and signals to runs.
async fn wake(broadcast: Broadcast, worker: Arc<Worker>, wakers: Wakers) {
    let mut added = broadcast.subscribe(JOBS_ADDED);
    let mut cancelled = broadcast.subscribe(JOB_CANCELLED);
    let mut connections = broadcast.connections();
    let wake_all = || wakers.values().for_each(|waker| waker.notify_waiters());
    loop {
        tokio::select! {
            message = added.recv() => match message {
                Ok(message) => match message.payload.as_str().and_then(|queue| wakers.get(queue)) {
                    Some(waker) => waker.notify_waiters(),
                    None => tracing::trace!("a queue that this process does not work on"),
                },
                Err(RecvError::Lagged(_)) => wake_all(),
                Err(RecvError::Closed) => return,
            },
            // Those that are missed are found by the heartbeat.
            message = cancelled.recv() => if let Ok(message) = message { stop_run(&worker, &message) },
            Ok(()) = connections.changed() => wake_all(),
        }
    }
}

fn stop_run(worker: &Worker, message: &Message) {
    match JobId::deserialize(&message.payload) {
        Ok(job) => worker.leases.tell(job, Signal::Cancelled),
        Err(error) => tracing::warn!(%error, "a cancellation of unknown form"),
    }
}

async fn purge(db: Db) {
    loop {
        sleep(PURGE_EVERY).await;
        let removed = match db.conn().await {
            Ok(mut conn) => row::purge(&mut conn).await,
            Err(error) => Err(error),
        };
        match removed {
            Ok(removed) => tracing::debug!(removed, "old jobs removed"),
            Err(error) => tracing::warn!(%error, "removing old jobs"),
        }
    }
}
