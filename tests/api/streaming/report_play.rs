//! Tell how far a play has come.

use chrono::{SecondsFormat, TimeDelta};
use legato::platform::clock::Clock;
use serde_json::{Value, json};

use crate::support::{App, Person, with_app};

async fn counted(app: &App) -> Vec<String> {
    app.lines("select id::text as line from streaming.plays where qualified_at is not null").await
}

async fn tells(person: &Person<'_>, play: &Value, heard_ms: i64, state: &str) -> Value {
    let id = play["id"].as_str().expect("an id");
    let report = json!({ "position_ms": 900, "heard_ms": heard_ms, "state": state });
    person.patch(&format!("/plays/{id}"), report).await.is(200).json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_play_counts_once_when_half_of_its_track_was_heard() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await; // a second long
        let play = ada.plays(&single.track).await;
        // The place in the track is not what was heard of it.
        let told = tells(&ada, &play, 499, "playing").await;
        assert_eq!(
            (&told["heard"], &told["heard_ms"], &told["position_ms"]),
            (&json!(false), &json!(499), &json!(900))
        );
        assert!(counted(app).await.is_empty());
        let told = tells(&ada, &play, 500, "playing").await;
        assert_eq!((&told["heard"], &told["state"]), (&json!(true), &json!("playing")));
        // Told twice, and out of order: it counts once, and what was heard only grows.
        for (heard_ms, state) in [(500, "playing"), (900, "ended"), (100, "playing")] {
            tells(&ada, &play, heard_ms, state).await;
        }
        assert_eq!(counted(app).await, [play["id"].as_str().unwrap_or_default()]);
        let row = "select concat_ws(' ', heard_ms, state) as line from streaming.plays";
        assert_eq!(app.lines(row).await, ["900 ended"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hears_more_than_time_has_passed() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let play = nina.plays(&single.track).await;
        let told = tells(&nina, &play, 3_600_000, "playing").await;
        let believed = told["heard_ms"].as_i64().expect("a time");
        assert!(believed < 60_000, "an hour was heard at once: {told}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_heard_without_a_network_is_told_later() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let play = nina.plays(&single.track).await;
        let path = format!("/plays/{}", play["id"].as_str().unwrap_or_default());
        let report = async |started_at: chrono::DateTime<chrono::Utc>| {
            let body = json!({ "position_ms": 1000, "heard_ms": 1000, "state": "ended", "started_at": started_at });
            nina.patch(&path, body).await
        };
        let now = Clock::default().now();
        report(now + TimeDelta::minutes(6)).await.is_invalid("started_at");
        report(now - TimeDelta::days(31)).await.is_invalid("started_at");
        let last_week = now - TimeDelta::days(7);
        let told = report(last_week).await.is(200).json();
        assert_eq!(told["heard"], true);
        // What was judged by its time keeps it.
        assert_eq!(report(now - TimeDelta::days(20)).await.is(200).json()["started_at"], told["started_at"]);
        let history = nina.get("/me/history").await.is(200).json();
        let told_at = history["items"][0]["played_at"].as_str().expect("a time");
        assert!(told_at.starts_with(&last_week.to_rfc3339_opts(SecondsFormat::Secs, true)[..19]), "{told_at}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_play_is_told_of_by_whoever_plays_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let report = json!({ "position_ms": 0, "heard_ms": 500, "state": "playing" });
        let path = |play: &Value| format!("/plays/{}", play["id"].as_str().unwrap_or_default());
        let (hers, nobodys) = (ada.plays(&single.track).await, app.stranger().plays(&single.track).await);
        for person in [&nina, &app.stranger()] {
            person.patch(&path(&hers), report.clone()).await.is_problem(404, "not-found");
        }
        nina.patch(&path(&nobodys), report.clone()).await.is_problem(404, "not-found");
        app.stranger().patch(&path(&nobodys), report.clone()).await.is(200);
        ada.patch(&path(&hers), report).await.is(200);
        assert_eq!(counted(app).await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_cannot_be_is_refused() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let play = nina.plays(&single.track).await;
        let path = format!("/plays/{}", play["id"].as_str().unwrap_or_default());
        let good = json!({ "position_ms": 0, "heard_ms": 0, "state": "playing" });
        for (field, bad) in [
            ("position_ms", json!(-1)),
            ("position_ms", json!(604_800_001)),
            ("heard_ms", json!(-1)),
            ("heard_ms", json!(604_800_001)),
            ("state", json!("granted")),
            ("state", json!("asleep")),
        ] {
            let mut report = good.clone();
            report[field] = bad;
            nina.patch(&path, report).await.is_invalid(field);
        }
        nina.patch("/plays/01890000-0000-7000-8000-000000000000", good).await.is_problem(404, "not-found");
    })
    .await;
}
