//! Figures of the workers for Prometheus.

use std::time::Duration;

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry};

/// What the workers of this process did, by queue. Cheap to clone.
#[derive(Clone)]
pub struct Figures {
    started: IntCounterVec,
    finished: IntCounterVec,
    run: HistogramVec,
    wait: HistogramVec,
}

impl Figures {
    /// Figures that `registry` gathers. Fails when it has them already.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let run = HistogramOpts::new("legato_job_run_seconds", "Time that an attempt took.")
            .buckets(vec![0.001, 0.005, 0.025, 0.1, 0.5, 2.0, 10.0, 60.0, 300.0]);
        let wait =
            HistogramOpts::new("legato_job_wait_seconds", "Time from when a job was due until a worker took it.")
                .buckets(vec![0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0, 30.0, 300.0]);
        let figures = Self {
            started: IntCounterVec::new(Opts::new("legato_jobs_started_total", "Attempts that began."), &["queue"])?,
            finished: IntCounterVec::new(
                Opts::new("legato_jobs_finished_total", "Attempts that ended: done, failed, dead, cancelled or lost."),
                &["queue", "outcome"],
            )?,
            run: HistogramVec::new(run, &["queue"])?,
            wait: HistogramVec::new(wait, &["queue"])?,
        };
        registry.register(Box::new(figures.started.clone()))?;
        registry.register(Box::new(figures.finished.clone()))?;
        registry.register(Box::new(figures.run.clone()))?;
        registry.register(Box::new(figures.wait.clone()))?;
        Ok(figures)
    }

    pub(super) fn fetched(&self, queue: &str, waited_seconds: f64) {
        self.started.with_label_values(&[queue]).inc();
        self.wait.with_label_values(&[queue]).observe(waited_seconds.max(0.0));
    }

    pub(super) fn ended(&self, queue: &str, outcome: &str, took: Duration) {
        self.finished.with_label_values(&[queue, outcome]).inc();
        self.run.with_label_values(&[queue]).observe(took.as_secs_f64());
    }
}
