//! Ask for everything that is the account's.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_is_told_by_letter_once_the_archive_is_ready() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.get("/me/export").await.is_problem(404, "not-found");
        let asked = ada.post("/me/export", json!({})).await.is(202).json();
        assert_eq!((asked["state"].as_str(), &asked["size_bytes"]), (Some("waiting"), &Value::Null), "{asked}");
        app.letter_to("ada@example.org", "Your archive is ready").await;
        let ready = ada.get("/me/export").await.is(200).json();
        assert_eq!((&ready["id"], ready["state"].as_str()), (&asked["id"], Some("ready")), "{ready}");
        assert!(ready["size_bytes"].as_i64().is_some_and(|bytes| bytes > 100), "{ready}");
        assert!(ready.get("object_key").is_none(), "{ready}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_one_is_being_made_there_is_no_second() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let waiting = format!("insert into accounts.exports (id, account_id) values (gen_random_uuid(), '{}')", ada.id);
        app.execute(&waiting).await;
        let first = ada.post("/me/export", json!({})).await.is(202).json();
        let second = ada.post("/me/export", json!({})).await.is(202).json();
        assert_eq!(first["id"], second["id"]);
        assert_eq!(app.lines("select id::text as line from accounts.exports").await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_one_is_enough_for_an_hour_and_the_next_takes_its_place() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.post("/me/export", json!({})).await.is(202);
        app.settle().await;
        let refused = ada.post("/me/export", json!({})).await;
        refused.is_problem(429, "too-many-requests");
        let pause: u64 = refused.header("retry-after").parse().expect("seconds");
        assert!((3500..=3600).contains(&pause), "{pause}");
        let first = app.stored("exports");
        app.platform.clock.advance(TimeDelta::minutes(61));
        let ada = app.site.signs_in("ada").await;
        ada.post("/me/export", json!({})).await.is(202);
        app.settle().await;
        let second = app.stored("exports");
        assert_eq!((first.len(), second.len()), (1, 1));
        assert_ne!(first, second);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_just_proved_to_be_there_asks() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let token = json!({ "name": "backup", "scopes": ["read", "library", "upload"] });
        let token = ada.post("/me/tokens", token).await.is(201).json();
        let program = app.site.holds(token["secret"].as_str().or(token["token"].as_str()).expect("a secret"));
        for path in ["/me/export", "/me/export/archive", "/me/audit-log"] {
            program.get(path).await.is_problem(403, "session-needed");
        }
        program.post("/me/export", json!({})).await.is_problem(403, "session-needed");
        app.platform.clock.advance(TimeDelta::minutes(11));
        ada.post("/me/export", json!({})).await.is_problem(403, "reauthentication-required");
        ada.get("/me/export/archive").await.is_problem(403, "reauthentication-required");
        app.stranger().post("/me/export", json!({})).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_cannot_be_made_may_be_asked_for_again() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let failed = "insert into accounts.exports (id, account_id, state, finished_at)
                      values ('0190b2f0-c0de-7000-8000-00000000cafe', (select id from accounts.accounts), 'failed', now())";
        app.execute(failed).await;
        assert_eq!(ada.get("/me/export").await.is(200).json()["state"], "failed");
        ada.post("/me/export", json!({})).await.is(202);
        app.settle().await;
        assert_eq!(ada.get("/me/export").await.is(200).json()["state"], "ready");
    })
    .await;
}
