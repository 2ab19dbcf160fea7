//! Redis, and what happens without it: limits are its only use, so they are what is looked at.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{App, Database, RedisServer, becomes_true, run_legato, with_app, with_settings};

/// Longer than a wrong password takes on a busy machine, shorter than anybody would wait for a Redis.
const SOON: Duration = Duration::from_secs(3);

/// Tries a wrong password; the status of the answer.
async fn guesses(app: &App) -> u16 {
    let asked = Instant::now();
    let answer = app.stranger().post("/session", json!({ "login": "nobody", "password": "a guess" })).await;
    assert!(asked.elapsed() < SOON, "it took {:?}", asked.elapsed());
    answer.status
}

/// The statuses of so many guesses.
async fn guess(app: &App, times: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..times {
        statuses.push(guesses(app).await);
    }
    statuses
}

/// Counters in the database.
async fn rows(app: &App) -> String {
    app.lines("select count(*)::text as line from platform.limits").await.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_count_together_in_redis_and_not_in_the_database() {
    let Some(server) = RedisServer::start().await else { return };
    let url = server.url();
    let settings = [("redis_url", &*url), ("secret_key", "the same key for each of the servers")];
    with_settings(&settings, async |app| {
        assert_eq!(guess(app, 7).await, [401; 7]);
        let database = Database::create().await;
        let other = App::start(&database.url, &settings).await;
        assert_eq!(guess(&other, 5).await, [401, 401, 401, 429, 429]);
        assert_eq!(guess(app, 1).await, [429]);
        assert_eq!((rows(app).await, rows(&other).await), ("0".to_owned(), "0".to_owned()));
        assert!(server.says::<u64>("DBSIZE") >= 2);
        other.stop().await;
        database.drop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_starts_and_limits_hold_without_the_redis_it_was_told_of() {
    with_settings(&[("redis_url", "unix:///nowhere/redis.sock")], async |app| {
        app.stranger().get("/readyz").await.is(200);
        assert_eq!(guess(app, 12).await, [&[401; 10][..], &[429; 2]].concat());
        assert_eq!(rows(app).await, "2");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_redis_gives_nobody_a_new_start() {
    let Some(server) = RedisServer::start().await else { return };
    with_settings(&[("redis_url", &server.url())], async |app| {
        assert_eq!(guess(app, 6).await, [401; 6]);
        let _: String = server.says("FLUSHALL");
        assert_eq!(guess(app, 6).await, [401, 401, 401, 401, 429, 429]);
        let _: String = server.says("FLUSHALL");
        assert_eq!(guess(app, 1).await, [429]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_redis_dies_the_database_goes_on_counting_until_it_is_back() {
    let Some(mut server) = RedisServer::start().await else { return };
    with_settings(&[("redis_url", &server.url())], async |app| {
        assert_eq!(guess(app, 4).await, [401; 4]);
        server.dies().await;
        assert_eq!(guess(app, 8).await, [401, 401, 401, 401, 401, 401, 429, 429]);
        assert_eq!(rows(app).await, "2");
        app.stranger().get("/readyz").await.is(200);
        server.comes_back().await;
        counts_again(app, &server).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_answers_nothing_costs_nobody_their_patience() {
    let Some(server) = RedisServer::start().await else { return };
    with_settings(&[("redis_url", &server.url())], async |app| {
        assert_eq!(guess(app, 4).await, [401; 4]);
        server.hangs();
        assert_eq!(guess(app, 8).await, [401, 401, 401, 401, 401, 401, 429, 429]);
        assert_eq!(rows(app).await, "2");
        server.goes_on();
        counts_again(app, &server).await;
    })
    .await;
}

/// Waits until Redis counts: each login has a counter of its own.
async fn counts_again(app: &App, server: &RedisServer) {
    let before: u64 = server.says("DBSIZE");
    let is_counting = async || {
        let login = format!("{:?}", Instant::now());
        app.stranger().post("/session", json!({ "login": login, "password": "a guess" })).await.is(401);
        server.says::<u64>("DBSIZE") > before
    };
    assert!(becomes_true(Duration::from_secs(20), is_counting).await, "Redis is not used again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_tells_whether_redis_answers() {
    let Some(mut server) = RedisServer::start().await else { return };
    with_app(async |app| {
        let file = app.data().join("legato.toml");
        let database = app.platform.db.url();
        std::fs::write(&file, format!("redis_url = '{}'\ndatabase_url = '{database}'", server.url())).expect("a file");
        let asks = async || {
            let told = run_legato(app.data(), &["doctor", "--config", &file.display().to_string()], "").await;
            assert_eq!(told.status.code(), Some(0), "limits hold without Redis");
            String::from_utf8(told.stdout).expect("text")
        };
        let well = asks().await;
        assert!(well.contains("ok    redis: version "), "{well}");
        server.dies().await;
        let ill = asks().await;
        assert!(ill.contains("warn  redis: "), "{ill}");
    })
    .await;
}
