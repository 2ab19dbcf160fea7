//! Figures for Prometheus: requests, pool, queues, the audio chain.

use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};

/// The figures of this process. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Metrics {
    pub(crate) registry: Registry,
    /// Seconds from the request's head to the answer's, by route and status.
    pub(crate) requests: HistogramVec,
    /// Connections of the pool by state.
    pub(crate) pool: IntGaugeVec,
    /// Jobs in the table by queue and state.
    pub(crate) jobs: IntGaugeVec,
    /// Open live channels.
    pub(crate) live: IntGauge,
    /// Seconds of CPU, and bytes of peak memory, that sandboxed children took, by task.
    pub(crate) chain_cpu: HistogramVec,
    pub(crate) chain_memory: HistogramVec,
    /// Children that ended, by task and outcome.
    pub(crate) chain_runs: IntCounterVec,
    /// Tracks whose files were rejected, and not deleted since.
    pub(crate) quarantined: IntGauge,
    /// Bytes of audio sent.
    pub(crate) audio_bytes: IntCounter,
    /// Requests for music that were answered on the connection itself, past the app.
    pub(crate) direct_answers: IntCounter,
}

const MIB: f64 = 1024.0 * 1024.0;

impl Metrics {
    pub(crate) fn new() -> prometheus::Result<Self> {
        let metrics = Self {
            registry: Registry::new(),
            requests: HistogramVec::new(
                HistogramOpts::new("legato_http_request_seconds", "Time to the answer's head.")
                    .buckets(vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0]),
                &["route", "method", "status"],
            )?,
            pool: IntGaugeVec::new(Opts::new("legato_db_connections", "Database connections."), &["state"])?,
            jobs: IntGaugeVec::new(Opts::new("legato_jobs", "Jobs in the table."), &["queue", "state"])?,
            live: IntGauge::new("legato_live_channels", "Open live channels.")?,
            chain_cpu: HistogramVec::new(
                HistogramOpts::new("legato_chain_cpu_seconds", "CPU of a sandboxed child.")
                    .buckets(vec![0.05, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0]),
                &["task"],
            )?,
            chain_memory: HistogramVec::new(
                HistogramOpts::new("legato_chain_peak_memory_bytes", "Peak memory of a sandboxed child.")
                    .buckets(vec![16.0 * MIB, 32.0 * MIB, 64.0 * MIB, 128.0 * MIB, 512.0 * MIB]),
                &["task"],
            )?,
            chain_runs: IntCounterVec::new(
                Opts::new("legato_chain_runs_total", "Sandboxed children that ended."),
                &["task", "outcome"],
            )?,
            quarantined: IntGauge::new("legato_quarantined_tracks", "Tracks whose files were rejected.")?,
            audio_bytes: IntCounter::new("legato_audio_bytes_total", "Bytes of audio sent.")?,
            direct_answers: IntCounter::new("legato_direct_answers_total", "Answers past the app.")?,
        };
        metrics.register()?;
        Ok(metrics)
    }

    fn register(&self) -> prometheus::Result<()> {
        self.registry.register(Box::new(self.requests.clone()))?;
        self.registry.register(Box::new(self.pool.clone()))?;
        self.registry.register(Box::new(self.jobs.clone()))?;
        self.registry.register(Box::new(self.live.clone()))?;
        self.registry.register(Box::new(self.chain_cpu.clone()))?;
        self.registry.register(Box::new(self.chain_memory.clone()))?;
        self.registry.register(Box::new(self.chain_runs.clone()))?;
        self.registry.register(Box::new(self.quarantined.clone()))?;
        self.registry.register(Box::new(self.audio_bytes.clone()))?;
        self.registry.register(Box::new(self.direct_answers.clone()))
    }

    /// All figures in Prometheus' text format.
    pub(crate) fn text(&self) -> anyhow::Result<String> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8(text)?)
    }
}
