//! Logs, and the request id that follows a request from the edge through the jobs that it caused.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use super::config::LogFormat;
use super::id::RequestId;

tokio::task_local! {
    static REQUEST: RequestId;
}

/// The request on whose behalf this code runs, if any.
pub(crate) fn current_request() -> Option<RequestId> {
    REQUEST.try_with(|id| *id).ok()
}

/// Runs `work` on behalf of a request.
pub(crate) async fn on_behalf_of<T>(request: RequestId, work: impl Future<Output = T>) -> T {
    REQUEST.scope(request, work).await
}

/// Sends logs to standard error. `filter` has the form of `RUST_LOG` (`info,legato=debug`).
/// A second call changes nothing. A filter that nobody understands is an error.
pub(crate) fn start(format: LogFormat, filter: &str) -> anyhow::Result<()> {
    let is_terminal = std::io::stderr().is_terminal();
    let filter = EnvFilter::try_new(filter)?;
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_span_events(FmtSpan::NONE);
    let started = match format {
        LogFormat::Text => logs.with_writer(std::io::stderr).with_ansi(is_terminal).with_target(false).try_init(),
        LogFormat::Json => logs.with_writer(std::io::stderr).json().flatten_event(true).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logs were started before");
    }
    Ok(())
}
