//! A database of its own for each test, and jobs that do as they are told and leave traces in it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Int2, Int4, Text};
use diesel_async::RunQueryDsl;
use legato::platform::broadcast::Broadcast;
use legato::platform::db::{Conn, Db};
use legato::platform::error::Result;
use legato::platform::jobs::{self, Backoff, Failure, Figures, Job, Queue, Run, State, Workers};
use serde::{Deserialize, Serialize};

use crate::support::Database;

pub(super) const QUEUE: &str = "test";

/// A job that acts as it is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) act: Act,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Act {
    /// Nothing, successfully.
    Succeed,
    Sleep(u64),
    /// Fails in the first attempts. A `␀` stands for a NUL, which no payload can hold.
    Fail {
        attempts: i16,
        error: String,
    },
    GiveUp,
    Panic,
    /// Ends the process.
    Abort,
    /// Ends the job in its transaction and fails after it.
    CompleteAndFail,
    Progress(u8),
}

impl Job for Step {
    const KIND: &'static str = "test.step";
    const QUEUE: &'static str = QUEUE;
    const MAX_ATTEMPTS: i16 = 3;
    const MAX_LOSSES: i16 = 4;
    const BACKOFF: Backoff =
        Backoff { first: Duration::from_millis(400), factor: 2, longest: Duration::from_millis(800) };
}

pub(super) fn step(name: &str, act: Act) -> Step {
    Step { name: name.to_owned(), act }
}

/// What a job or subscriber did, in the order of doing.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub(super) struct Trace {
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Text)]
    pub(super) what: String,
    #[diesel(sql_type = Int2)]
    pub(super) attempt: i16,
    #[diesel(sql_type = Int4)]
    pub(super) pid: i32,
}

/// One test's database and what works on it.
#[derive(Clone)]
pub(super) struct Workshop {
    pub(super) db: Db,
    pub(super) broadcast: Broadcast,
}

impl Workshop {
    /// A workshop on a fresh database.
    pub(super) async fn open() -> Self {
        let database = Database::create().await;
        Self::prepare(&database.url).await;
        Self::at(&database.url).await
    }

    /// A workshop on a database that has been prepared.
    pub(super) async fn at(url: &str) -> Self {
        let broadcast = Broadcast::start(url).await.expect("a database that answers");
        Self { db: Db::new(url, 8), broadcast }
    }

    /// Adds the table of traces to a migrated database.
    pub(super) async fn prepare(url: &str) {
        let db = Db::new(url, 1);
        let traces = "create table traces (id bigserial, name text, what text, attempt int2, pid int4)";
        diesel::sql_query(traces).execute(&mut db.conn().await.expect("a connection")).await.expect("a table");
    }

    /// The queue of [`Step`]s.
    pub(super) fn queue() -> Queue<Self> {
        Queue::new(QUEUE).on::<Step, _, _>(perform).on_dead::<Step>(mourn)
    }

    /// Workers on `queue` in this process.
    pub(super) fn work(&self, queue: Queue<Self>) -> Workers {
        self.work_all(vec![queue])
    }

    pub(super) fn work_all(&self, queues: Vec<Queue<Self>>) -> Workers {
        let figures = Figures::register(&prometheus::Registry::new()).expect("fresh figures");
        Workers::start(&self.db, self.clone(), queues, &self.broadcast, figures)
    }

    pub(super) async fn enqueue(&self, name: &str, act: Act) {
        jobs::enqueue(&mut *self.conn().await, step(name, act)).await.expect("enqueued");
    }

    pub(super) async fn conn(&self) -> legato::platform::db::Lent<'_> {
        self.db.conn().await.expect("a connection")
    }

    /// How many jobs are in a state.
    pub(super) async fn count(&self, state: State) -> usize {
        let of_state = format!("select id::text as text from platform.jobs where state = '{}'", state.name());
        self.texts(of_state).await.len()
    }

    /// Waits until nothing waits or runs.
    pub(super) async fn settle(&self) {
        self.wait("an empty queue", 60, async || {
            // In one look: between two, a job may go from the one state to the other.
            let open = "select id::text as text from platform.jobs where state in ('pending', 'running')";
            self.texts(open.to_owned()).await.is_empty()
        })
        .await;
    }

    /// Waits for something to become true.
    pub(super) async fn wait(&self, what: &str, seconds: u64, is_true: impl AsyncFn() -> bool) {
        let all = async {
            while !is_true().await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(seconds), all).await;
        assert!(waited.is_ok(), "no {what} within {seconds} s");
    }

    /// Waits until `name` has left the trace `what`.
    pub(super) async fn wait_for(&self, name: &str, what: &str, seconds: u64) {
        let sought = || async { self.traces(name).await.iter().any(|trace| trace.what == what) };
        self.wait(&format!("`{what}` of {name}"), seconds, sought).await;
    }

    pub(super) async fn traces(&self, name: &str) -> Vec<Trace> {
        diesel::sql_query("select name, what, attempt, pid from traces where name like $1 order by id")
            .bind::<Text, _>(name)
            .load(&mut self.conn().await)
            .await
            .expect("traces")
    }

    /// The traces as words: `begun`, `done` …
    pub(super) async fn deeds(&self, name: &str) -> Vec<String> {
        self.traces(name).await.into_iter().map(|trace| trace.what).collect()
    }

    /// An expression over the only job.
    pub(super) async fn job(&self, expression: &str) -> String {
        let texts = self.texts(format!("select coalesce(({expression})::text, '') as text from platform.jobs")).await;
        <[String; 1]>::try_from(texts).expect("one job").concat()
    }

    /// The column `text` of a query's rows.
    pub(super) async fn texts(&self, query: String) -> Vec<String> {
        let rows: Vec<Row> = diesel::sql_query(query).load(&mut self.conn().await).await.expect("rows");
        rows.into_iter().map(|row| row.text).collect()
    }

    pub(super) async fn execute(&self, statement: &str) {
        diesel::sql_query(statement).execute(&mut self.conn().await).await.expect("executed");
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

/// Leaves a trace in the caller's transaction.
pub(super) async fn trace(conn: &mut Conn, name: &str, what: &str, attempt: i16) -> Result<()> {
    diesel::sql_query("insert into traces (name, what, attempt, pid) values ($1, $2, $3, $4)")
        .bind::<Text, _>(name)
        .bind::<Text, _>(what)
        .bind::<Int2, _>(attempt)
        .bind::<Int4, _>(std::process::id() as i32)
        .execute(conn)
        .await?;
    Ok(())
}

async fn perform(shop: Workshop, job: Step, run: Run) -> Result<(), Failure> {
    trace(&mut *shop.db.conn().await?, &job.name, "begun", run.attempt()).await?;
    match job.act {
        Act::Succeed => {}
        Act::Sleep(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
        Act::Fail { attempts, error } if run.attempt() <= attempts => {
            return Err(anyhow::anyhow!(error.replace('␀', "\0")).into());
        }
        Act::Fail { .. } => {}
        Act::GiveUp => return Err(Failure::give_up(anyhow::anyhow!("hopeless"))),
        Act::Panic => panic!("a slip"),
        Act::Abort => std::process::abort(),
        Act::Progress(percent) => run.progress(percent).await,
        Act::CompleteAndFail => {
            shop.db.transaction(async |conn| run.complete(conn).await).await?;
            return Err(anyhow::anyhow!("after the commit").into());
        }
    }
    let effect = shop.db.transaction(async |conn| {
        run.fence(conn).await?;
        trace(conn, &job.name, "done", run.attempt()).await
    });
    Ok(effect.await?)
}

/// Buries a step; one called `unburied` not at the first time.
async fn mourn(conn: &mut Conn, job: Step, last_error: String) -> Result<()> {
    static REFUSED: AtomicBool = AtomicBool::new(false);
    trace(conn, &job.name, &format!("buried: {last_error}"), 0).await?;
    if job.name == "unburied" && !REFUSED.swap(true, Ordering::Relaxed) {
        return Err(anyhow::anyhow!("not today").into());
    }
    Ok(())
}
