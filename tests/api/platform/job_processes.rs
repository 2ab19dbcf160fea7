//! Jobs in several processes, which are killed, stopped and told to end; and a PostgreSQL that dies.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use legato::platform::db::Db;
use legato::platform::embedded_postgres::{EmbeddedPostgres, Options};
use legato::platform::jobs::State;
use rustix::process::{Pid, Signal, kill_process};

use super::workshop::{Act, Workshop};
use crate::support::{kill_postmaster, variable};

/// Tells [`worker_process`] which database to work on, and how many jobs at a time.
const WORK_ON: &str = "LEGATO_TEST_WORK_ON";
const CONCURRENCY: &str = "LEGATO_TEST_WORK_CONCURRENCY";
const LEASE_SECONDS: &str = "LEGATO_TEST_WORK_LEASE_SECONDS";

/// Shorter than the default, for tests that wait for many leases to run out.
const SHORT_LEASE: Duration = Duration::from_secs(2);

/// No test: what the other processes of these tests run. It works until SIGTERM.
#[tokio::test(flavor = "multi_thread")]
async fn worker_process() {
    let (Some(url), Some(concurrency)) = (variable(WORK_ON), variable(CONCURRENCY)) else { return };
    let shop = Workshop::at(&url).await;
    let mut queue = Workshop::queue().concurrency(concurrency.parse().expect("a number"));
    if let Some(seconds) = variable(LEASE_SECONDS) {
        queue = queue.lease(Duration::from_secs(seconds.parse().expect("a number")));
    }
    let workers = shop.work(queue);
    let mut end = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("a signal handler");
    end.recv().await;
    workers.stop(Duration::from_secs(20)).await;
}

/// Another process that works; killed at the end of the test.
struct Worker(Child);

impl Worker {
    fn start(shop: &Workshop, concurrency: usize) -> Self {
        Self::run(Self::command(shop, concurrency).env(LEASE_SECONDS, SHORT_LEASE.as_secs().to_string()))
    }

    fn start_with_the_default_lease(shop: &Workshop) -> Self {
        Self::run(&mut Self::command(shop, 1))
    }

    fn command(shop: &Workshop, concurrency: usize) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command
            .args(["--exact", "platform::job_processes::worker_process", "--nocapture"])
            .env(WORK_ON, shop.db.url())
            .env(CONCURRENCY, concurrency.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn run(command: &mut Command) -> Self {
        Self(command.spawn().expect("a process"))
    }

    fn pid(&self) -> i32 {
        self.0.id() as i32
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).expect("signalled");
    }

    fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("a child").is_some()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_process_is_killed_runs_again_within_ten_seconds() {
    let shop = Workshop::open().await;
    let first = Worker::start_with_the_default_lease(&shop);
    shop.enqueue("interrupted", Act::Sleep(2_000)).await;
    shop.wait_for("interrupted", "begun", 20).await;
    let second = Worker::start_with_the_default_lease(&shop);
    first.signal(Signal::KILL);
    let killed = Instant::now();
    shop.wait("second attempt", 20, async || shop.deeds("interrupted").await.len() == 2).await;
    assert!(killed.elapsed() < Duration::from_secs(10), "{:?}", killed.elapsed());
    shop.settle().await;
    let traces = shop.traces("interrupted").await;
    let seen: Vec<_> = traces.iter().map(|trace| (trace.what.as_str(), trace.attempt, trace.pid)).collect();
    assert_eq!(seen, [("begun", 1, first.pid()), ("begun", 2, second.pid()), ("done", 2, second.pid())]);
    assert!(shop.job("last_error").await.ends_with("lost in attempt 1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_the_load_and_each_job_takes_effect_once() {
    let shop = Workshop::open().await;
    for number in 0..300 {
        shop.enqueue(&format!("job {number}"), Act::Sleep(5)).await;
    }
    let workers = [Worker::start(&shop, 4), Worker::start(&shop, 4)];
    shop.settle().await;
    let done: Vec<_> = shop.traces("job %").await.into_iter().filter(|trace| trace.what == "done").collect();
    assert_eq!(done.len(), 300);
    assert_eq!(shop.count(State::Done).await, 300);
    for worker in &workers {
        assert!(done.iter().any(|trace| trace.pid == worker.pid()), "both took part");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_ends_its_process_again_and_again_is_dead() {
    let shop = Workshop::open().await;
    shop.enqueue("bomb", Act::Abort).await;
    for number in 0..20 {
        shop.enqueue(&format!("neighbour {number}"), Act::Succeed).await;
    }
    let mut worker = Worker::start(&shop, 1);
    let began = Instant::now();
    while shop.count(State::Pending).await + shop.count(State::Running).await > 0 {
        if worker.has_ended() {
            worker = Worker::start(&shop, 1);
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{:?}", shop.deeds("bomb").await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let deeds = shop.deeds("bomb").await;
    assert_eq!(deeds[..5], ["begun"; 5]);
    assert!(deeds[5].starts_with("buried: worker ") && deeds[5].ends_with("lost in attempt 5"), "{deeds:?}");
    assert_eq!((deeds.len(), shop.count(State::Done).await, shop.count(State::Dead).await), (6, 20, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_was_frozen_beyond_its_lease_changes_nothing() {
    let shop = Workshop::open().await;
    let first = Worker::start(&shop, 1);
    shop.enqueue("frozen", Act::Sleep(1_500)).await;
    shop.wait_for("frozen", "begun", 20).await;
    first.signal(Signal::STOP);
    let second = Worker::start(&shop, 1);
    shop.wait("second attempt", 20, async || shop.deeds("frozen").await.len() == 2).await;
    first.signal(Signal::CONT);
    shop.settle().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let done: Vec<_> = shop.traces("frozen").await.into_iter().filter(|trace| trace.what == "done").collect();
    assert_eq!(done.iter().map(|trace| trace.pid).collect::<Vec<_>>(), [second.pid()]);
    assert_eq!(shop.job("state || attempts").await, "done2");
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_lets_long_jobs_finish_and_nobody_steals_them() {
    let shop = Workshop::open().await;
    let mut draining = Worker::start(&shop, 8);
    for number in 0..8 {
        shop.enqueue(&format!("long {number}"), Act::Sleep(5_000)).await;
    }
    shop.wait("all jobs running", 20, async || shop.traces("long %").await.len() == 8).await;
    let _rival = Worker::start(&shop, 8);
    draining.signal(Signal::TERM);
    shop.settle().await;
    shop.wait("end of the drained process", 5, async || shop.count(State::Done).await == 8).await;
    let traces = shop.traces("long %").await;
    assert_eq!(traces.len(), 16, "each began once and was done once");
    assert!(traces.iter().all(|trace| trace.pid == draining.pid()));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(draining.has_ended());
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_come_back_by_themselves_when_postgresql_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let postgres = EmbeddedPostgres::start(folder.path(), Options::default()).await.expect("PostgreSQL starts");
    Db::new(&postgres.url(), 1).migrate().await.expect("migrations run");
    Workshop::prepare(&postgres.url()).await;
    let shop = Workshop::at(&postgres.url()).await;
    let workers = shop.work(Workshop::queue().concurrency(4));
    for number in 0..100 {
        shop.enqueue(&format!("job {number}"), Act::Sleep(100)).await;
    }
    shop.wait("work under way", 10, async || shop.count(State::Done).await > 10).await;
    kill_postmaster(folder.path());
    let back = async || shop.db.conn().await.is_ok();
    tokio::time::sleep(Duration::from_millis(500)).await;
    shop.wait("PostgreSQL", 30, back).await;
    shop.settle().await;
    let done = shop.traces("job %").await.into_iter().filter(|trace| trace.what == "done").count();
    assert_eq!((done, shop.count(State::Done).await), (100, 100));
    shop.enqueue("afterwards", Act::Succeed).await;
    shop.wait_for("afterwards", "done", 5).await;
    workers.stop(Duration::from_secs(2)).await;
    postgres.stop().await.expect("PostgreSQL stops");
}
