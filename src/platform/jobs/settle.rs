//! Settle leases: what became of each attempt, written for many in one statement and one commit.

use std::time::Duration;

use diesel::sql_types::{Array, Double, Int2, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use super::State;
use super::line::{Line, answer};
use crate::platform::db::{prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::JobId;

/// Settlements in one statement, at the most.
const GROUP: usize = 256;

const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// The longest error text that a row keeps, in bytes.
const MAX_ERROR_BYTES: usize = 4000;

/// What became of an attempt.
#[derive(Debug)]
pub(super) enum Verdict {
    Done,
    Cancelled,
    /// It failed and has attempts left.
    Again {
        after: Duration,
        error: String,
    },
    /// It never took place, or was cut off by the process' end: it does not count.
    GivenBack,
}

struct Settlement {
    job: JobId,
    attempt: i16,
    verdict: Verdict,
}

enum Message {
    Settle(Settlement, oneshot::Sender<()>),
    Flush(oneshot::Sender<()>),
}

/// Hands settlements to the task that writes them.
#[derive(Clone)]
pub(super) struct Settler {
    messages: mpsc::UnboundedSender<Message>,
}

impl Settler {
    /// A settler, and where its messages arrive.
    pub(super) fn new() -> (Self, Inbox) {
        let (messages, inbox) = mpsc::unbounded_channel();
        (Self { messages }, Inbox(inbox))
    }

    /// Settles an attempt and waits until it is written. Nothing changes when the worker has lost the lease.
    pub(super) async fn settle(&self, job: JobId, attempt: i16, verdict: Verdict) {
        let (written, wait) = oneshot::channel();
        let _ = self.messages.send(Message::Settle(Settlement { job, attempt, verdict }, written));
        let _ = wait.await;
    }

    /// Gives a job back, the attempt refunded, without waiting.
    pub(super) fn give_back(&self, job: JobId, attempt: i16) {
        let settlement = Settlement { job, attempt, verdict: Verdict::GivenBack };
        let _ = self.messages.send(Message::Settle(settlement, oneshot::channel().0));
    }

    /// Waits until everything before is written.
    pub(super) async fn flush(&self) {
        let (written, wait) = oneshot::channel();
        let _ = self.messages.send(Message::Flush(written));
        let _ = wait.await;
    }
}

/// Where settlements wait for the next statement.
pub(super) struct Inbox(mpsc::UnboundedReceiver<Message>);

impl Inbox {
    /// Writes settlements: while one statement is under way, those of the next gather.
    pub(super) async fn run(mut self, mut line: Line, worker: String) {
        let mut group = Vec::with_capacity(GROUP);
        while self.0.recv_many(&mut group, GROUP).await > 0 {
            let (mut settlements, mut waiting) = (Vec::new(), Vec::new());
            for message in group.drain(..) {
                match message {
                    Message::Settle(settlement, written) => {
                        settlements.push(settlement);
                        waiting.push(written);
                    }
                    Message::Flush(written) => waiting.push(written),
                }
            }
            if !settlements.is_empty() {
                write_for_ever(&mut line, &worker, &settlements).await;
            }
            for written in waiting {
                let _ = written.send(());
            }
        }
    }
}

/// A job that is done stays done however long the database is away.
async fn write_for_ever(line: &mut Line, worker: &str, settlements: &[Settlement]) {
    loop {
        let written = write(line, worker, settlements).await;
        match line.checked(written) {
            Ok(written) if written == settlements.len() => return,
            Ok(written) => {
                let lost = settlements.len() - written;
                return tracing::warn!(lost, "settled too late: others have these jobs, or they ended");
            }
            Err(error) => tracing::warn!(%error, "settling jobs"),
        }
        sleep(TRY_AGAIN_AFTER).await;
    }
}

/// One statement for a group. A row changes only under the attempt that was settled, and a failed job that was cancelled
/// meanwhile does not come back. Answers with the number of rows that changed.
async fn write(line: &mut Line, worker: &str, settlements: &[Settlement]) -> Result<usize> {
    let mut rows = Rows::default();
    settlements.iter().for_each(|settlement| rows.push(settlement));
    let settle = sql(
        "update platform.jobs set
            state = case when next = 'pending' and cancel_requested then 'cancelled' else next end,
            finished_at = case when next = 'pending' and not cancel_requested then null else now() end,
            run_at = case when next = 'pending' then now() + make_interval(secs => pause * (0.75 + random() / 2)) else run_at end,
            progress = case when next = 'done' then 100 else progress end,
            attempts = attempts - refund, last_error = coalesce(error, last_error), lease_until = null
        from unnest($1, $2, $3, $4, $5, $6) as settled (job, attempt, next, refund, pause, error)
        where id = job and state = 'running' and attempts = attempt and worker = $7",
    );
    let settle = settle.bind::<Array<Uuid>, _>(rows.jobs).bind::<Array<Int2>, _>(rows.attempts);
    let settle = settle.bind::<Array<Text>, _>(rows.states).bind::<Array<Int2>, _>(rows.refunds);
    let settle = settle.bind::<Array<Double>, _>(rows.pauses).bind::<Array<Nullable<Text>>, _>(rows.errors);
    answer(prepared(settle.bind::<Text, _>(worker)).execute(line.conn().await?)).await
}

/// Settlements as columns.
#[derive(Default)]
struct Rows {
    jobs: Vec<JobId>,
    attempts: Vec<i16>,
    states: Vec<State>,
    refunds: Vec<i16>,
    pauses: Vec<f64>,
    errors: Vec<Option<String>>,
}

impl Rows {
    fn push(&mut self, settlement: &Settlement) {
        let (state, refund, pause, error) = match &settlement.verdict {
            Verdict::Done => (State::Done, 0, Duration::ZERO, None),
            Verdict::Cancelled => (State::Cancelled, 0, Duration::ZERO, None),
            Verdict::Again { after, error } => (State::Pending, 0, *after, Some(storable(error))),
            Verdict::GivenBack => (State::Pending, 1, Duration::ZERO, None),
        };
        self.jobs.push(settlement.job);
        self.attempts.push(settlement.attempt);
        self.states.push(state);
        self.refunds.push(refund);
        self.pauses.push(pause.as_secs_f64());
        self.errors.push(error);
    }
}

/// PostgreSQL's text holds no NUL, and a row need not hold a novel.
pub(super) fn storable(error: &str) -> String {
    let mut text = error.replace('\0', "\u{fffd}");
    text.truncate(text.floor_char_boundary(MAX_ERROR_BYTES));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_text_can_be_stored() {
        assert_eq!(storable("a\0b"), "a\u{fffd}b");
        assert_eq!(storable(&"é".repeat(3000)).len(), MAX_ERROR_BYTES);
    }
}
