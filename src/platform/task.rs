//! Tasks that live as long as the process: named, and never silent when they end by a panic.

use tracing::Instrument;

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
