//! PostgreSQL goes away, and comes back.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use legato::platform::db::Db;
use legato::platform::embedded_postgres::{EmbeddedPostgres, Options};
use rustix::process::Signal;
use serde_json::json;

use crate::support::{
    App, Blackhole, Database, Person, becomes_true, kill_postmaster, run_legato, signal_postmaster, tone, variable,
};

/// What is acknowledged outlives a kill -9 of PostgreSQL.
const DURABLE: Options = Options { programs: None, durable: true };

/// A server on a PostgreSQL of its own.
async fn start(folder: &std::path::Path) -> (EmbeddedPostgres, App) {
    let postgres = EmbeddedPostgres::start(folder, DURABLE).await.expect("PostgreSQL starts");
    Db::new(&postgres.url(), 1).migrate().await.expect("the migrations run");
    let app = App::start(&postgres.url(), &[]).await;
    (postgres, app)
}

/// Uploads something, and hears of it when it is ready.
async fn works(person: &Person<'_>) {
    let release = person.creates_release("Afterwards").await;
    let track = person.uploads(&release, "after.wav", tone(550.0, 0.5)).await;
    person.waits_until_ready(&track).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_swallows_everything_is_noticed_and_music_plays_on() {
    let database = Database::create().await;
    let way = Blackhole::before(&database.url).await;
    let app = App::start(&way.url, &[]).await;
    let nina = app.artist("nina").await;
    let single = nina.publishes_a_single("Tides").await;
    let play = nina.plays(&single.track).await;
    let stream = play["stream"]["url"].as_str().expect("a stream").to_owned();
    nina.get(&stream).await.is(200);
    app.settle().await;
    way.swallows();
    // The first ones wait as long as a statement may take; whoever comes then, as long as for a connection.
    let ask = async |within: u64| {
        let asked = Instant::now();
        nina.get("/me").await.is_problem(503, "unavailable");
        assert!(asked.elapsed() < Duration::from_secs(within), "it took {:?}", asked.elapsed());
    };
    futures_util::future::join_all((0..12).map(|_| ask(10))).await;
    ask(5).await;
    nina.get("/healthz").await.is(200);
    nina.get(&stream).await.is(200);
    way.lets_through();
    let well = async || nina.get("/me").await.status == 200;
    assert!(becomes_true(Duration::from_secs(15), well).await, "it does not come back");
    works(&nina).await;
    app.settle().await;
    app.stop().await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_the_server_says_so_and_music_plays_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let (postgres, app) = start(folder.path()).await;
    let nina = app.artist("nina").await;
    let single = nina.publishes_a_single("Tides").await;
    let play = nina.plays(&single.track).await;
    let stream = play["stream"]["url"].as_str().expect("a stream").to_owned();
    nina.get(&stream).await.is(200);
    app.settle().await;
    postgres.stop().await.expect("PostgreSQL stops");
    for path in ["/me", "/artists", "/releases", "/search?q=tides", "/readyz"] {
        let asked = Instant::now();
        let answer = nina.get(path).await;
        answer.is_problem(503, "unavailable");
        assert_eq!(answer.header("retry-after"), "2", "{path}");
        assert!(asked.elapsed() < Duration::from_secs(4), "{path} took {:?}", asked.elapsed());
    }
    nina.post("/plays", json!({ "track_id": single.track })).await.is_problem(503, "unavailable");
    nina.get("/healthz").await.is(200);
    nina.get(&stream).await.is(200);
    let postgres = EmbeddedPostgres::start(folder.path(), DURABLE).await.expect("PostgreSQL starts again");
    let well = async || nina.get("/readyz").await.status == 200;
    assert!(becomes_true(Duration::from_secs(10), well).await);
    nina.get("/me").await.is(200);
    works(&nina).await;
    app.settle().await;
    finish(app, postgres).await;
}

async fn finish(app: App, postgres: EmbeddedPostgres) {
    app.stop().await;
    postgres.stop().await.expect("PostgreSQL stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_postgresql_is_back_within_seconds_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let (postgres, app) = start(folder.path()).await;
    let nina = app.artist("nina").await;
    let release = nina.creates_release("Tides").await;
    let track = nina.uploads(&release, "long.wav", tone(220.0, 60.0)).await;
    kill_postmaster(folder.path());
    let killed = Instant::now();
    let well = async || {
        let status = nina.get("/me").await.status;
        assert!([200, 503].contains(&status), "{status}");
        status == 200 && killed.elapsed() > Duration::from_secs(1)
    };
    assert!(becomes_true(Duration::from_secs(20), well).await);
    let whole = async || nina.get(&format!("/tracks/{track}")).await.status == 200;
    assert!(becomes_true(Duration::from_secs(5), whole).await);
    let back = async || matches!(nina.get(&format!("/tracks/{track}")).await.json()["state"].as_str(), Some("ready"));
    assert!(becomes_true(Duration::from_secs(60), back).await);
    works(&nina).await;
    app.settle().await;
    assert_eq!(app.stored("curated").len(), 12);
    drop(nina);
    finish(app, postgres).await;
}

/// Restarts; `LEGATO_TEST_RESTARTS` says how many otherwise.
const RESTARTS: usize = 4;

/// Listeners who press play, one after the other each.
const LISTENERS: usize = 8;

/// What was acknowledged, and how often the server asked to come back.
#[derive(Default)]
struct Seen {
    acknowledged: Mutex<Vec<String>>,
    put_off: AtomicUsize,
    heard: AtomicUsize,
    is_over: AtomicBool,
}

impl Seen {
    async fn presses(&self, person: &Person<'_>, track: &str) {
        while !self.is_over.load(Ordering::Relaxed) {
            let answer = person.post("/plays", json!({ "track_id": track })).await;
            match answer.status {
                201 => {
                    let id = answer.json()["id"].as_str().expect("an id").to_owned();
                    self.acknowledged.lock().expect("no panic").push(id);
                }
                503 => {
                    answer.is_problem(503, "unavailable");
                    assert_eq!(answer.header("retry-after"), "2");
                    self.put_off.fetch_add(1, Ordering::Relaxed);
                }
                other => panic!("{other}: {}", answer.text()),
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// A stream that was granted before goes on whatever happens to the database.
    async fn listens(&self, person: &Person<'_>, stream: &str) {
        let whole = person.get(stream).await.is(200).body;
        while !self.is_over.load(Ordering::Relaxed) {
            assert!(person.get(stream).await.is(200).body == whole, "other music");
            self.heard.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Half of them without putting anything in order.
async fn restart(folder: &std::path::Path, person: &Person<'_>, seen: &Seen) {
    let restarts = variable("LEGATO_TEST_RESTARTS").map_or(RESTARTS, |times| times.parse().expect("a number"));
    let mut longest = Duration::ZERO;
    for number in 0..restarts {
        let signal = if number % 2 == 0 { Signal::INT } else { Signal::QUIT };
        tokio::time::sleep(Duration::from_millis(500)).await;
        signal_postmaster(folder, signal);
        let asked = Instant::now();
        // It is seen to be away first, or has been away and back between two looks.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let is_well = async || person.get("/me").await.status == 200;
        assert!(becomes_true(Duration::from_secs(20), is_well).await, "it does not come back");
        longest = longest.max(asked.elapsed());
    }
    seen.is_over.store(true, Ordering::Relaxed);
    assert!(longest < Duration::from_secs(15), "{restarts} restarts, away for {longest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn restarts_under_load_lose_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let (postgres, app) = start(folder.path()).await;
    let nina = app.artist("nina").await;
    let single = nina.publishes_a_single("Tides").await;
    app.settle().await;
    let play = nina.plays(&single.track).await;
    let stream = play["stream"]["url"].as_str().expect("a stream");
    let seen = Seen::default();
    let listeners = futures_util::future::join_all((0..LISTENERS).map(|_| seen.presses(&nina, &single.track)));
    tokio::join!(listeners, seen.listens(&nina, stream), restart(folder.path(), &nina, &seen));
    let acknowledged = seen.acknowledged.into_inner().expect("no panic");
    println!(
        "{} plays, {} put off, {:?} streams",
        acknowledged.len(),
        seen.put_off.load(Ordering::Relaxed),
        seen.heard
    );
    assert!(acknowledged.len() > 50 && seen.heard.load(Ordering::Relaxed) > 50, "{}", acknowledged.len());
    assert!(seen.put_off.load(Ordering::Relaxed) > 0, "nobody noticed");
    let kept = app.lines("select id::text as line from streaming.plays").await;
    let kept: std::collections::HashSet<String> = kept.into_iter().collect();
    let lost: Vec<&String> = acknowledged.iter().filter(|id| !kept.contains(*id)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    works(&nina).await;
    app.settle().await;
    drop(nina);
    finish(app, postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_locked_table_requests_are_put_off_and_music_plays_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let (postgres, app) = start(folder.path()).await;
    let nina = app.artist("nina").await;
    let single = nina.publishes_a_single("Tides").await;
    app.settle().await;
    let play = nina.plays(&single.track).await;
    let stream = play["stream"]["url"].as_str().expect("a stream");
    nina.get(stream).await.is(200);
    let holding = app
        .runs("begin; lock table streaming.plays, artists.tracks in access exclusive mode; select pg_sleep(8); commit");
    let asking = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let presses = (0..20).map(async |_| {
            let asked = Instant::now();
            nina.post("/plays", json!({ "track_id": single.track })).await.is_problem(503, "unavailable");
            asked.elapsed()
        });
        let took = futures_util::future::join_all(presses).await;
        let longest = took.into_iter().max().expect("some");
        assert!(longest < Duration::from_millis(5500), "{longest:?}");
        // What the process remembers of what is heard outlives the outage.
        for _ in 0..20 {
            nina.get(stream).await.is(200);
        }
        nina.get("/me").await.is(200);
    };
    tokio::join!(holding, asking);
    nina.post("/plays", json!({ "track_id": single.track })).await.is(201);
    app.settle().await;
    drop(nina);
    finish(app, postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_finds_no_database_ends_and_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let nowhere = "database_url = 'postgres://legato:hunter2@127.0.0.1:1/legato'";
    let file = folder.path().join("legato.toml");
    std::fs::write(&file, nowhere).expect("a configuration");
    let data = folder.path().join("data");
    for command in ["serve", "work", "migrate"] {
        let output = run_legato(&data, &[command, "--config", file.to_str().expect("a plain path")], "").await;
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command}: {told}");
        assert!(told.contains("connecting to the database") && !told.contains("hunter2"), "{command}: {told}");
    }
}
