//! Jobs in one process.

use std::time::{Duration, Instant};

use legato::platform::clock::Clock;
use legato::platform::jobs::{self, State};

use super::workshop::{Act, Step, Workshop, step};

const A_SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_job_runs_once() {
    let shop = Workshop::open().await;
    let workers = shop.work(Workshop::queue());
    shop.enqueue("one", Act::Succeed).await;
    shop.settle().await;
    assert_eq!(shop.deeds("one").await, ["begun", "done"]);
    assert_eq!(shop.job("state || attempts || progress").await, "done1100");
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_enqueued_with_its_transaction_or_not_at_all() {
    let shop = Workshop::open().await;
    let undone = shop.db.transaction(async |conn| {
        jobs::enqueue(conn, step("never", Act::Succeed)).await?;
        Err::<(), _>(anyhow::anyhow!("a change of mind").into())
    });
    assert!(undone.await.is_err());
    assert_eq!(shop.count(State::Pending).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_job_of_a_key_waits_or_runs_at_a_time() {
    let shop = Workshop::open().await;
    let mut conn = shop.conn().await;
    let mut enqueue = async |name| jobs::new(step(name, Act::Succeed)).key("chain:1").enqueue(&mut conn).await;
    assert!(enqueue("first").await.unwrap().is_some());
    assert!(enqueue("second").await.unwrap().is_none());
    let workers = shop.work(Workshop::queue());
    shop.settle().await;
    assert!(enqueue("third").await.unwrap().is_some(), "the key is free when its job has ended");
    shop.settle().await;
    assert_eq!(shop.deeds("%").await, ["begun", "done", "begun", "done"]);
    assert!(shop.deeds("second").await.is_empty());
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_more_urgent_goes_first_also_within_a_batch() {
    let shop = Workshop::open().await;
    let mut conn = shop.conn().await;
    for (name, priority) in [("low", -1), ("normal", 0), ("high", 5), ("higher", 7)] {
        jobs::new(step(name, Act::Succeed)).priority(priority).enqueue(&mut conn).await.unwrap();
    }
    let workers = shop.work(Workshop::queue());
    shop.settle().await;
    let order: Vec<String> = shop.traces("%").await.into_iter().filter(|t| t.what == "begun").map(|t| t.name).collect();
    assert_eq!(order, ["higher", "high", "normal", "low"]);
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_waits_for_its_time() {
    let shop = Workshop::open().await;
    let workers = shop.work(Workshop::queue());
    let later = Clock::default().now() + chrono::TimeDelta::seconds(3);
    jobs::new(step("later", Act::Succeed)).at(later).enqueue(&mut *shop.conn().await).await.unwrap();
    tokio::time::sleep(A_SECOND).await;
    assert_eq!(shop.count(State::Pending).await, 1);
    shop.settle().await;
    assert_eq!(shop.deeds("later").await, ["begun", "done"]);
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_backs_off_in_its_row_and_holds_no_worker() {
    let shop = Workshop::open().await;
    shop.enqueue("moody", Act::Fail { attempts: 1, error: "not yet".into() }).await;
    let workers = shop.work(Workshop::queue());
    shop.wait_for("moody", "begun", 5).await;
    shop.wait("failed attempt in the row", 5, async || shop.count(State::Pending).await == 1).await;
    assert_eq!(shop.job("last_error").await, "not yet");
    assert_eq!(
        shop.job("run_at - now() between interval '0 s' and interval '0.5 s'").await,
        "true",
        "400 ms, a quarter more or less"
    );
    shop.enqueue("neighbour", Act::Succeed).await;
    shop.settle().await;
    let order: Vec<String> = shop.traces("%").await.into_iter().map(|trace| trace.name).collect();
    assert_eq!(order, ["moody", "neighbour", "neighbour", "moody", "moody"]);
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hopeless_job_is_dead_after_its_last_attempt_and_its_neighbours_are_done() {
    let shop = Workshop::open().await;
    shop.enqueue("poison", Act::Fail { attempts: 9, error: "bad ␀ byte".into() }).await;
    for _ in 0..20 {
        shop.enqueue("neighbour", Act::Succeed).await;
    }
    let workers = shop.work(Workshop::queue());
    shop.settle().await;
    let deeds = shop.deeds("poison").await;
    assert_eq!(deeds, ["begun", "begun", "begun", "buried: bad \u{fffd} byte"]);
    assert_eq!(shop.count(State::Done).await, 20);
    let letters = jobs::dead(&mut *shop.conn().await, 10).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].attempts, letters[0].last_error.as_deref()), (3, Some("bad \u{fffd} byte")));
    let counts = jobs::counts(&mut *shop.conn().await).await.unwrap();
    assert_eq!(counts, [jobs::Count { queue: "test".into(), state: State::Dead, jobs: 1 }]);
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_not_dead_before_its_undertaker_was_there() {
    let shop = Workshop::open().await;
    shop.enqueue("unburied", Act::GiveUp).await;
    let workers = shop.work(Workshop::queue().lease(A_SECOND));
    shop.wait_for("unburied", "begun", 5).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(shop.count(State::Running).await, 1, "what the undertaker began is rolled back, and so is the death");
    shop.settle().await;
    let burials = shop.deeds("unburied").await.into_iter().filter(|deed| deed.starts_with("buried")).count();
    assert_eq!((burials, shop.count(State::Dead).await), (1, 1));
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_may_give_up() {
    let shop = Workshop::open().await;
    shop.enqueue("lost cause", Act::GiveUp).await;
    let workers = shop.work(Workshop::queue());
    shop.settle().await;
    assert_eq!(shop.deeds("lost cause").await, ["begun", "buried: hopeless"]);
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_failed_attempt() {
    let shop = Workshop::open().await;
    shop.enqueue("clumsy", Act::Panic).await;
    let workers = shop.work(Workshop::queue());
    shop.settle().await;
    assert_eq!(shop.deeds("clumsy").await, ["begun", "begun", "begun", "buried: panicked: a slip"]);
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_completed_in_its_transaction_is_not_run_again() {
    let shop = Workshop::open().await;
    shop.enqueue("complete", Act::CompleteAndFail).await;
    let workers = shop.work(Workshop::queue());
    shop.settle().await;
    tokio::time::sleep(A_SECOND).await;
    assert_eq!(shop.deeds("complete").await, ["begun"]);
    assert_eq!(shop.job("state || coalesce(last_error, '')").await, "done");
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_job_that_is_cancelled_is_gone_at_once() {
    let shop = Workshop::open().await;
    let mut conn = shop.conn().await;
    jobs::new(step("unwanted", Act::Succeed)).key("a key").enqueue(&mut conn).await.unwrap();
    assert!(jobs::cancel_by_key(&mut conn, "a key").await.unwrap());
    assert!(!jobs::cancel_by_key(&mut conn, "a key").await.unwrap(), "there is none any more");
    let workers = shop.work(Workshop::queue());
    shop.settle().await;
    assert!(shop.deeds("unwanted").await.is_empty());
    assert_eq!(shop.count(State::Cancelled).await, 1);
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_job_that_is_cancelled_stops_within_a_blink() {
    let shop = Workshop::open().await;
    let workers = shop.work(Workshop::queue());
    let id = jobs::new(step("unwanted", Act::Sleep(60_000))).enqueue(&mut *shop.conn().await).await.unwrap().unwrap();
    shop.wait_for("unwanted", "begun", 5).await;
    let cancelled = Instant::now();
    assert!(jobs::cancel(&mut *shop.conn().await, id).await.unwrap());
    shop.settle().await;
    assert!(cancelled.elapsed() < A_SECOND, "{:?}", cancelled.elapsed());
    assert_eq!(shop.deeds("unwanted").await, ["begun"]);
    assert_eq!(shop.count(State::Cancelled).await, 1);
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_whose_notification_is_lost_is_found_by_the_heartbeat() {
    let shop = Workshop::open().await;
    let workers = shop.work(Workshop::queue());
    shop.enqueue("unwanted", Act::Sleep(60_000)).await;
    shop.wait_for("unwanted", "begun", 5).await;
    shop.execute("update platform.jobs set cancel_requested = true").await;
    shop.wait("cancelled job", 3, async || shop.count(State::Cancelled).await == 1).await;
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_stands_in_the_row() {
    let shop = Workshop::open().await;
    shop.enqueue("slow", Act::Progress(42)).await;
    shop.execute(
        "create function slow_down() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return new; end $$",
    )
    .await;
    shop.execute("create trigger slow before insert on traces for each row when (new.what = 'done') execute function slow_down()").await;
    let workers = shop.work(Workshop::queue());
    shop.wait("progress in the row", 5, async || shop.job("progress").await == "42").await;
    shop.settle().await;
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_knows_the_request_that_caused_it() {
    let shop = Workshop::open().await;
    shop.enqueue("caused", Act::Succeed).await;
    shop.execute("update platform.jobs set request_id = '0198f2d4-0000-7000-8000-000000000001'").await;
    let queue = Workshop::queue().on::<Step, _, _>(async |shop: Workshop, job, run: jobs::Run| {
        let request = run.request_id().map(|id| id.to_string()).unwrap_or_default();
        Ok(super::workshop::trace(&mut *shop.db.conn().await?, &job.name, &request, 1).await?)
    });
    let workers = shop.work(queue);
    shop.settle().await;
    assert_eq!(shop.deeds("caused").await, ["0198f2d4-0000-7000-8000-000000000001"]);
    workers.stop(A_SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_jobs_finish_and_gives_back_what_does_not_without_counting_the_attempt() {
    let shop = Workshop::open().await;
    let workers = shop.work(Workshop::queue().concurrency(2));
    shop.enqueue("quick", Act::Sleep(500)).await;
    shop.enqueue("endless", Act::Sleep(60_000)).await;
    shop.wait_for("quick", "begun", 5).await;
    shop.wait_for("endless", "begun", 5).await;
    let stopped = Instant::now();
    workers.stop(A_SECOND).await;
    assert!(stopped.elapsed() < Duration::from_secs(2), "{:?}", stopped.elapsed());
    assert_eq!(shop.deeds("quick").await, ["begun", "done"]);
    let back = shop.texts("select state || attempts || coalesce(last_error, '') as text from platform.jobs where payload ->> 'name' = 'endless'".into());
    assert_eq!(back.await, ["pending0"]);
}
