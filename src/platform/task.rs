//! Tasks that live as long as the process: named, and never silent when they end by a panic.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use anyhow::anyhow;
use thread_priority::{NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy};
use thread_priority::{set_thread_priority_and_policy, thread_native_id};
use tokio::sync::{Semaphore, oneshot};
use tracing::Instrument;

/// How nice a calculation is that found no spare time (setpriority(2)): more than what answers requests, less than the
/// audio chain's children.
const PATIENT: i32 = 5;

/// How long a calculation may take in spare time alone: several times what it takes where a core is free.
const UNTIL_STARVED: Duration = Duration::from_millis(100);

/// Calculations that live on spare time. One that starves keeps its place, so that on a busy machine the next ones do not
/// even try.
static SPARE_TIME: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Semaphore::new(cores.clamp(2, 8))
});

/// Runs `work` beside everything else.
#[expect(clippy::disallowed_methods, reason = "the one place that spawns tasks of the process")]
pub(crate) fn background(
    name: &'static str,
    work: impl Future<Output = ()> + Send + 'static,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(work.instrument(tracing::info_span!("background", task = name)))
}

/// Runs a request's work to its end, also when its client hangs up: a handler's future is dropped then. What it takes along
/// may belong to this thread.
pub(crate) async fn to_the_end<T: 'static>(work: impl Future<Output = T> + 'static) -> anyhow::Result<T> {
    #[expect(clippy::disallowed_methods, reason = "the one place that spawns a request's work")]
    let handle = actix_web::rt::spawn(work.in_current_span());
    handle.await.map_err(|cause| anyhow!("a request's work ended by a panic: {cause}"))
}

/// Runs blocking work on a thread of its own and answers with its result.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    #[expect(clippy::disallowed_methods, reason = "the one place that spawns blocking work")]
    let handle = tokio::task::spawn_blocking(work);
    handle.await.map_err(|cause| anyhow::anyhow!("blocking work ended by a panic: {cause}"))
}

/// Runs a long calculation on a thread of its own that holds up nobody, and answers with its result.
///
/// It lives on time that nobody else wants (`SCHED_IDLE` in sched(7)): whatever answers a request takes the core from it at
/// once, while a thread that is merely nicer keeps it for some milliseconds more. Where no time is left it would starve, so
/// the same work is soon begun once more as an ordinary thread, and whichever ends first answers.
pub(crate) async fn patiently<T: Send + 'static>(work: impl Fn() -> T + Send + Sync + 'static) -> anyhow::Result<T> {
    let work = Arc::new(work);
    let Ok(place) = SPARE_TIME.try_acquire() else { return ended(ordinary(work)?.await) };
    let twin = Arc::clone(&work);
    let mut spare = calculation(move || {
        let _place = place;
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        if let Err(error) = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle) {
            tracing::debug!(?error, "a calculation's policy");
        }
        twin()
    })?;
    if let Ok(answer) = tokio::time::timeout(UNTIL_STARVED, &mut spare).await {
        return ended(answer);
    }
    tokio::select! {
        answer = spare => ended(answer),
        answer = ordinary(work)? => ended(answer),
    }
}

fn ordinary<T: Send + 'static>(
    work: Arc<impl Fn() -> T + Send + Sync + 'static>,
) -> std::io::Result<oneshot::Receiver<T>> {
    calculation(move || {
        // Of this thread alone (setpriority(2), "C library/kernel differences").
        if let Err(error) = rustix::process::setpriority_process(None, PATIENT) {
            tracing::debug!(%error, "a calculation's priority");
        }
        work()
    })
}

fn calculation<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> std::io::Result<oneshot::Receiver<T>> {
    let (sender, answer) = oneshot::channel();
    std::thread::Builder::new().name("calculation".into()).spawn(move || {
        let _ = sender.send(work()); // an error only says that nobody waits any more
    })?;
    Ok(answer)
}

fn ended<T>(answer: Result<T, oneshot::error::RecvError>) -> anyhow::Result<T> {
    answer.map_err(|_| anyhow!("a calculation ended by a panic"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The policy that the kernel schedules this thread by (proc(5), the 41st field of `stat`); 5 is `SCHED_IDLE`.
    fn policy() -> u32 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("Linux");
        let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
        fields.split_whitespace().nth(38).and_then(|field| field.parse().ok()).expect("a policy")
    }

    #[tokio::test]
    async fn a_calculation_lives_on_spare_time_and_does_not_starve() {
        // One that gets no time at all in its first place.
        let answer = patiently(|| {
            let policy = policy();
            if policy == 5 {
                std::thread::sleep(Duration::from_secs(5));
            }
            policy
        });
        assert_eq!(tokio::time::timeout(Duration::from_secs(4), answer).await.expect("it was begun again").unwrap(), 0);
    }

    #[tokio::test]
    async fn a_panic_is_told() {
        let answer = patiently(|| {
            if std::thread::current().name() == Some("calculation") {
                panic!("in a test")
            }
        });
        assert!(answer.await.is_err());
    }
}
