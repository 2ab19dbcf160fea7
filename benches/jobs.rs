//! Empty jobs per second at batch 1 and 10, and the time from the enqueue's commit to the start of the job.
//!
//! A fetch at batch 1 is one commit per job, so the rate of single commits is printed beside it: it is the disk's share.
//!
//! Works on the database of `LEGATO_BENCH_DATABASE_URL`, or on an embedded PostgreSQL of its own with fsync on. The database
//! is migrated first, and its jobs are left as they are.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel_async::RunQueryDsl;
use legato::platform::broadcast::Broadcast;
use legato::platform::db::Db;
use legato::platform::embedded_postgres::{EmbeddedPostgres, Options};
use legato::platform::jobs::{self, Failure, Figures, Job, Queue, Run, Workers};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

const QUEUE: &str = "bench";
const JOBS: i64 = 10_000;
const SINGLES: usize = 500;

/// A job that does nothing but say that it began.
#[derive(Serialize, Deserialize)]
struct Empty {}

impl Job for Empty {
    const KIND: &'static str = "bench.empty";
    const QUEUE: &'static str = QUEUE;
}

#[derive(Clone)]
struct Began(Arc<mpsc::UnboundedSender<Instant>>);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (url, postgres) = match url_of_the_environment() {
        Some(url) => (url, None),
        None => {
            let postgres = EmbeddedPostgres::start(folder.path(), Options::default()).await?;
            (postgres.url(), Some(postgres))
        }
    };
    let db = Db::new(&url, 8);
    db.migrate().await?;
    let broadcast = Broadcast::start(&url).await?;
    println!("## Jobs\n");
    println!(
        "Empty jobs through the queue of one process, fsync on; beside them what the disk allows: one-row commits.\n"
    );
    println!("| what | per second |\n|---|---|");
    println!("| commits of one row | {:.0} |", commits(&db).await?);
    for batch in [1, 10, 100] {
        let rate = throughput(&db, &broadcast, batch).await?;
        println!("| jobs, {batch} in a fetch | {rate:.0} |");
    }
    latency(&db, &broadcast).await?;
    if let Some(postgres) = postgres {
        postgres.stop().await?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a bench has no configuration of its own")]
fn url_of_the_environment() -> Option<String> {
    std::env::var("LEGATO_BENCH_DATABASE_URL").ok()
}

fn work(db: &Db, broadcast: &Broadcast, batch: usize) -> anyhow::Result<(Workers, mpsc::UnboundedReceiver<Instant>)> {
    let (sender, began) = mpsc::unbounded_channel();
    let queue = Queue::new(QUEUE).concurrency(16.max(batch * 2)).batch(batch).on::<Empty, _, _>(begin);
    let figures = Figures::register(&prometheus::Registry::new())?;
    Ok((Workers::start(db, Began(Arc::new(sender)), vec![queue], broadcast, figures), began))
}

async fn begin(began: Began, _: Empty, _: Run) -> Result<(), Failure> {
    began.0.send(Instant::now()).map_err(|_| Failure::give_up(anyhow::anyhow!("the bench is over")))
}

/// Commits of one row per second, one after the other.
async fn commits(db: &Db) -> anyhow::Result<f64> {
    let conn = &mut *db.conn().await?;
    diesel::sql_query("create table if not exists platform.bench_commits (n int4)").execute(conn).await?;
    let begun = Instant::now();
    let mut commits = 0.0;
    while begun.elapsed() < Duration::from_secs(2) {
        diesel::sql_query("insert into platform.bench_commits values (1)").execute(conn).await?;
        commits += 1.0;
    }
    let rate = commits / begun.elapsed().as_secs_f64();
    diesel::sql_query("drop table platform.bench_commits").execute(conn).await?;
    Ok(rate)
}

/// Jobs per second, from the first start to the last settlement.
async fn throughput(db: &Db, broadcast: &Broadcast, batch: usize) -> anyhow::Result<f64> {
    let enqueue = format!(
        "insert into platform.jobs (id, queue, kind, payload, max_attempts) \
         select gen_random_uuid(), '{QUEUE}', 'bench.empty', '{{}}', 3 from generate_series(1, {JOBS})"
    );
    diesel::sql_query(enqueue).execute(&mut *db.conn().await?).await?;
    diesel::sql_query("analyze platform.jobs").execute(&mut *db.conn().await?).await?;
    let (workers, mut began) = work(db, broadcast, batch)?;
    let mut first = None;
    for _ in 0..JOBS {
        first = first.or(began.recv().await);
    }
    while jobs::counts(&mut *db.conn().await?).await?.iter().any(|count| count.queue == QUEUE) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let seconds = first.map_or(f64::INFINITY, |first| first.elapsed().as_secs_f64());
    workers.stop(Duration::from_secs(5)).await;
    Ok(JOBS as f64 / seconds)
}

/// One job after the other, each enqueued when the workers are idle.
async fn latency(db: &Db, broadcast: &Broadcast) -> anyhow::Result<()> {
    let (workers, mut began) = work(db, broadcast, 1)?;
    let mut waits = Vec::with_capacity(SINGLES);
    for _ in 0..SINGLES {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let enqueued = Instant::now();
        jobs::enqueue(&mut *db.conn().await?, Empty {}).await?;
        if let Some(start) = began.recv().await {
            waits.push(start.duration_since(enqueued));
        }
    }
    workers.stop(Duration::from_secs(5)).await;
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "\nFrom enqueue to start, the enqueue's own commit included: p50 {:.2} ms, p99 {:.2} ms.",
        at(0.5),
        at(0.99)
    );
    Ok(())
}
