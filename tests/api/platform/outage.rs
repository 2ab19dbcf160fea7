//! PostgreSQL goes away, and comes back.

use std::time::{Duration, Instant};

use legato::platform::db::Db;
use legato::platform::embedded_postgres::{EmbeddedPostgres, Options};
use serde_json::json;

use crate::support::{App, Person, becomes_true, kill_postmaster, run_legato, tone};

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
