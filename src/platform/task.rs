//! Tasks that live as long as the process: named, and never silent when they end by a panic.

use tracing::Instrument;

/// How nice a calculation is (setpriority(2)): more than what answers requests, less than the audio chain's children.
const PATIENT: i32 = 5;

/// Runs `work` beside everything else.
#[expect(clippy::disallowed_methods, reason = "the one place that spawns tasks of the process")]
pub(crate) fn background(
    name: &'static str,
    work: impl Future<Output = ()> + Send + 'static,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(work.instrument(tracing::info_span!("background", task = name)))
}

/// Runs blocking work on a thread of its own and answers with its result.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    #[expect(clippy::disallowed_methods, reason = "the one place that spawns blocking work")]
    let handle = tokio::task::spawn_blocking(work);
    handle.await.map_err(|cause| anyhow::anyhow!("blocking work ended by a panic: {cause}"))
}

/// Runs a long calculation on a thread of its own that gives way to everything else, and answers with its result.
pub(crate) async fn patiently<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    let (sender, answer) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name("calculation".into()).spawn(move || {
        // Of this thread alone (setpriority(2), "C library/kernel differences").
        if let Err(error) = rustix::process::setpriority_process(None, PATIENT) {
            tracing::debug!(%error, "a calculation's priority");
        }
        let _ = sender.send(work()); // an error only says that nobody waits any more
    })?;
    answer.await.map_err(|_| anyhow::anyhow!("a calculation ended by a panic"))
}
