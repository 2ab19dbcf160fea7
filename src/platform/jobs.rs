//! Background jobs: enqueued in the transaction that needs them, run by the workers of any process.
//!
//! ```text
//!  enqueue ─▶ pending ──fetch──▶ running ──▶ done
//!                ▲  counts the attempt │
//!                │                     ├─ failed, attempts left: back off
//!                ├─────────────────────┤
//!                │                     ├─ worker lost: its lease runs out, the next fetch takes it, and counts the loss
//!                                      ├─▶ dead       no attempt left, or too many losses: `on_dead` in the same transaction
//!                                      └─▶ cancelled
//! ```
//! A fetched job is held by a *lease*: this worker, this attempt. Whatever a worker writes about a job, and whatever a
//! handler fences by [`Run::fence`], happens only under the attempt that the row still has, so a worker that was given up
//! for dead and comes back changes nothing.
//!
//! | file | what it knows |
//! |---|---|
//! | `enqueue`, `cancel`, `row` | what callers do with jobs |
//! | `queue`, `run` | what handlers see |
//! | `fetch`, `lease`, `settle`, `bury` | the life of one lease |
//! | `backend`, `layer`, `workers` | the apalis workers on top |

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

mod attempt;
mod backend;
mod bury;
mod cancel;
mod enqueue;
mod fetch;
mod figures;
mod heartbeat;
mod layer;
mod lease;
mod line;
mod queue;
mod row;
mod run;
mod settle;
mod worker;
mod workers;

pub use cancel::{cancel, cancel_by_key};
pub use enqueue::{New, enqueue, new};
pub use figures::Figures;
pub use queue::{Failure, OnDead, Queue};
pub(crate) use row::forget_dead;
pub use row::{Count, Dead, State, counts, dead};
pub use run::Run;
pub use workers::Workers;

/// The topics that wake workers and stop runs, in every process.
const JOBS_ADDED: &str = "platform.jobs";
const JOB_CANCELLED: &str = "platform.jobs.cancelled";

/// One kind of job. Its fields are ids; the database is the truth.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// An imperative name, `artists.ingest`. Waiting jobs keep it, so it is never changed.
    const KIND: &'static str;
    /// The queue that it waits in.
    const QUEUE: &'static str;
    /// How many runs it gets; those that ended with their process do not count.
    const MAX_ATTEMPTS: i16 = 5;
    /// How many processes may end in the middle of it, before it is taken for what ends them.
    const MAX_LOSSES: i16 = 9;
    /// The pause before the next attempt.
    const BACKOFF: Backoff = Backoff::DEFAULT;
}

/// Pauses between attempts: `first`, then `factor` times as long as the one before, at most `longest`; each a quarter
/// shorter or longer by chance, so that what failed together does not return together.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    pub first: Duration,
    pub factor: u32,
    pub longest: Duration,
}

impl Backoff {
    /// One second, four, sixteen … up to ten minutes.
    pub const DEFAULT: Self = Self { first: Duration::from_secs(1), factor: 4, longest: Duration::from_secs(600) };

    /// The pause after the given attempt (the first is 1), before chance changes it.
    fn after(self, attempt: i16) -> Duration {
        let exponent = u32::try_from(attempt - 1).unwrap_or(0);
        let pause = self.factor.checked_pow(exponent).and_then(|factor| self.first.checked_mul(factor));
        pause.map_or(self.longest, |pause| pause.min(self.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let pauses = [1, 2, 3, 5, 6, i16::MAX].map(|attempt| Backoff::DEFAULT.after(attempt).as_secs());
        assert_eq!(pauses, [1, 4, 16, 256, 600, 600]);
    }
}
