//! Starts a sandboxed child on a track's original, and notes what it took.

use std::fs::File;
use std::path::Path;

use bytes::Bytes;
use legato_audio::Progress;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::child::{Order, Probed, Request, STREAM, StreamOrder};
use super::means::Allowance;
use crate::artists::ladder::ladder;
use crate::artists::own_track::OwnTrack;
use crate::platform::Platform;
use crate::platform::jobs::Run;
use crate::platform::sandbox::{self, Done, Failure, Program, Work};

/// What a child is told of a track: to make the whole ladder.
pub(super) fn order(platform: &Platform, track: &OwnTrack) -> Order {
    Order { extension: extension(track.filename.as_deref()), ..blank(platform) }
}

fn blank(platform: &Platform) -> Order {
    let config = &platform.config;
    // The server would not have started with another.
    let ladder = ladder(config).unwrap_or_default();
    Order { extension: None, max_duration: config.track_max_duration, rungs: ladder.clone(), ladder }
}

/// Runs `task` on the track's original, with means that grow as it goes on.
pub(super) async fn run<T: DeserializeOwned>(
    platform: &Platform,
    task: &str,
    track: &OwnTrack,
    order: &Order,
    outputs: &Path,
    run: &Run,
    mut on_progress: impl FnMut(Progress),
) -> Result<T, Failure> {
    let source = platform.storage.file(&track.source_key).await?;
    let allowance = Allowance { file_bytes: source.metadata()?.len(), renditions: order.rungs.len() };
    let limits = allowance.limits(order.max_duration);
    let work = Work { task, source, outputs, arguments: json!(order), limits };
    let on_progress = |value: Value| {
        let progress: Progress = serde_json::from_value(value).ok()?;
        on_progress(progress);
        Some(allowance.earned(progress.seconds))
    };
    let program = Program::at(&platform.config.sandbox_program);
    let ended = sandbox::run(&program, work, run.cancelled(), on_progress).await;
    note(platform, task, &ended);
    serde_json::from_value(ended?.result).map_err(|cause| Failure::Io(cause.into()))
}

/// Encodes the track's original as is requested; its bytes go into `bytes`, for as long as somebody takes them.
pub(super) async fn stream(
    platform: &Platform,
    track: &OwnTrack,
    request: Request,
    bytes: mpsc::Sender<Bytes>,
) -> Result<(), Failure> {
    let order = Order { rungs: vec![request.rung], ..order(platform, track) };
    let source = platform.storage.file(&track.source_key).await?;
    let allowance = Allowance { file_bytes: source.metadata()?.len(), renditions: 1 };
    let limits = allowance.limits(order.max_duration);
    let arguments = json!(StreamOrder { order, request });
    // It writes no files.
    let work = Work { task: STREAM.name, source, outputs: Path::new("/"), arguments, limits };
    let on_progress = |value: Value| {
        let progress: Progress = serde_json::from_value(value).ok()?;
        Some(allowance.earned(progress.seconds))
    };
    let program = Program::at(&platform.config.sandbox_program);
    let ended = sandbox::stream(&program, work, bytes, on_progress).await;
    note(platform, STREAM.name, &ended);
    ended.map(drop)
}

/// Reads the tags of a file that is no track yet; or why it cannot be used.
pub(super) async fn tags(platform: &Platform, source: File, filename: &str) -> Result<Probed, Failure> {
    let order = Order { extension: extension(Some(filename)), ..blank(platform) };
    let scratch = platform.storage.scratch().map_err(|error| Failure::Io(error.into()))?;
    let limits = Allowance { file_bytes: 0, renditions: 0 }.limits(order.max_duration);
    let work = Work { task: "probe", source, outputs: scratch.path(), arguments: json!(order), limits };
    let program = Program::at(&platform.config.sandbox_program);
    let ended = sandbox::run(&program, work, std::future::pending(), |_| None).await;
    serde_json::from_value(ended?.result).map_err(|cause| Failure::Io(cause.into()))
}

fn extension(filename: Option<&str>) -> Option<String> {
    let (_, extension) = filename?.rsplit_once('.')?;
    let is_plain = (1..=5).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_plain.then(|| extension.to_ascii_lowercase())
}

fn note(platform: &Platform, task: &str, ended: &Result<Done, Failure>) {
    let outcome = match ended {
        Ok(done) => {
            platform.metrics.chain_cpu.with_label_values(&[task]).observe(done.cpu_time.as_secs_f64());
            let memory = done.peak_memory_bytes.unwrap_or(0);
            #[expect(clippy::cast_precision_loss, reason = "a figure")]
            platform.metrics.chain_memory.with_label_values(&[task]).observe(memory as f64);
            tracing::info!(task, cpu_ms = done.cpu_time.as_millis(), peak_memory_bytes = memory, "child done");
            "done"
        }
        Err(Failure::Refused(_)) => "refused",
        Err(Failure::Cancelled) => "cancelled",
        Err(failure) => {
            tracing::warn!(task, %failure, "child failed");
            "failed"
        }
    };
    platform.metrics.chain_runs.with_label_values(&[task, outcome]).inc();
}
