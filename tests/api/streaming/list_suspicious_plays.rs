//! Plays that look like nobody's are marked, not counted, and shown to administrators.

use std::time::Duration;

use chrono::TimeDelta;
use legato::platform::clock::Clock;
use serde_json::{Value, json};

use crate::support::{App, Person, becomes_true, with_app};

async fn admin(app: &App) -> Person<'_> {
    app.listener("boss").await;
    app.execute("update accounts.accounts set role = 'admin' where handle = 'boss'").await;
    app.site.signs_in("boss").await
}

async fn suspicions(admin: &Person<'_>) -> Vec<(Value, Value)> {
    let list = admin.walks("/admin/suspicious-plays", 20).await;
    list.into_iter().map(|play| (play["suspicion"].clone(), play["handle"].clone())).collect()
}

async fn total(app: &App) -> Vec<String> {
    app.lines("select coalesce(sum(plays), 0)::text as line from streaming.track_plays").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_in_a_loop_counts_thirty_times_a_day() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        for _ in 0..33 {
            ada.hears(&single.track).await;
        }
        // Another track of hers, and another listener of this one, count.
        let other = nina.publishes_a_single("Ebb").await;
        ada.hears(&other.track).await;
        nina.hears(&single.track).await;
        let boss = admin(app).await;
        assert_eq!(suspicions(&boss).await, vec![(json!("loop"), json!("ada")); 3]);
        let shown = boss.get("/admin/suspicious-plays").await.is(200).json();
        assert_eq!((&shown["items"][0]["title"], &shown["items"][0]["artist"]), (&json!("Tides"), &json!("nina")));
        assert!(becomes_true(Duration::from_secs(25), async || total(app).await == ["32"]).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_is_one_in_whatever_order_it_is_told() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let now = Clock::default().now();
        for minute in 1..=32 {
            let play = ada.plays(&single.track).await;
            let report = json!({ "position_ms": 0, "heard_ms": 1000, "state": "ended",
                                 "started_at": now - TimeDelta::minutes(minute) });
            ada.patch(&format!("/plays/{}", play["id"].as_str().unwrap_or_default()), report).await.is(200);
            // Who forgets it between is the same listener.
            if minute == 10 {
                ada.delete("/me/history").await.is(204);
            }
        }
        let count = "select count(*)::text as line from streaming.plays where suspicion = 'loop'";
        assert_eq!(app.lines(count).await, ["2"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_mix_is_heard_by_whoever_hears_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let play = ada.plays(&single.track).await;
        let started_at = Clock::default().now() - TimeDelta::hours(4);
        let report = json!({ "position_ms": 0, "heard_ms": 4 * 3_600_000, "state": "ended", "started_at": started_at });
        ada.patch(&format!("/plays/{}", play["id"].as_str().unwrap_or_default()), report).await.is(200);
        assert!(suspicions(&admin(app).await).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hears_three_hours_in_two() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let started_at = Clock::default().now() - TimeDelta::hours(3);
        for _ in 0..3 {
            let play = ada.plays(&single.track).await;
            let report = json!({ "position_ms": 0, "heard_ms": 3_600_000, "state": "ended", "started_at": started_at });
            let path = format!("/plays/{}", play["id"].as_str().unwrap_or_default());
            ada.patch(&path, report).await.is(200);
        }
        assert_eq!(suspicions(&admin(app).await).await, [(json!("impossible_rate"), json!("ada"))]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_accounts_at_one_address_are_a_crowd() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        ada.hears(&single.track).await;
        // As if they had been others each time: the table knows accounts under a secret alone.
        let others = "insert into streaming.plays (id, account_id, track_id, expires_at, started_at, heard_ms, state, needed_ms,
                                                   qualified_at, origin, listener)
                      select gen_random_uuid(), gen_random_uuid(), track_id, expires_at, started_at, heard_ms, state, needed_ms,
                             qualified_at, origin, sha256(n::text::bytea) from streaming.plays, generate_series(1, 19) n";
        app.execute(others).await;
        nina.hears(&single.track).await;
        assert_eq!(suspicions(&admin(app).await).await, [(json!("crowd"), json!("nina"))]);
        // Nobody but administrators sees it.
        ada.get("/admin/suspicious-plays").await.is_problem(403, "forbidden");
        app.stranger().get("/admin/suspicious-plays").await.is_problem(401, "unauthenticated");
    })
    .await;
}
