//! Close one's account, and come back.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Answer, App, becomes_true, password, with_app};

const AT_MOST: Duration = Duration::from_secs(5);

async fn signs_in(app: &App, handle: &str, reopen: bool) -> Answer {
    let credentials = json!({ "login": handle, "password": password(handle), "reopen": reopen });
    app.stranger().post("/session", credentials).await
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_ends_all_access_at_once() {
    with_app(async |app| {
        let (ada, elsewhere) = (app.listener("ada").await, app.site.signs_in("ada").await);
        let otto = app.listener("otto").await;
        let token = ada.post("/me/tokens", json!({ "name": "player", "scopes": ["read"] })).await.is(201).json();
        let program = app.site.holds(token["secret"].as_str().or(token["token"].as_str()).expect("a secret"));
        program.get("/me").await.is(200);
        let mut live = elsewhere.listens_to("/live", None).await;
        let closing = ada.delete("/me").await.is(202).json();
        let until = closing["closing_until"].as_str().expect("a time").parse::<chrono::DateTime<chrono::Utc>>();
        let days = until.expect("a time") - app.platform.clock.now();
        assert!((TimeDelta::days(13)..=TimeDelta::days(14)).contains(&days), "{days}");
        for gone in [&ada, &elsewhere, &program] {
            gone.get("/me").await.is_problem(401, "unauthenticated");
        }
        let ended = tokio::time::timeout(AT_MOST, async { while live.next().await.is_some() {} }).await;
        assert!(ended.is_ok(), "the live channel outlives the account");
        otto.get("/me").await.is(200);
        let letter = app.letter_to("ada@example.org", "Your account is being closed").await;
        assert!(
            letter.text.contains("you can come back") || letter.text.contains("nothing is lost"),
            "{}",
            letter.text
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_in_time_says_so_and_finds_everything() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        nina.delete("/me").await.is(202);
        signs_in(app, "nina", false).await.is_problem(403, "account-closing");
        let wrong = json!({ "login": "nina", "password": "not hers", "reopen": true });
        app.stranger().post("/session", wrong).await.is_problem(401, "wrong-credentials");
        app.platform.clock.advance(TimeDelta::days(13));
        signs_in(app, "nina", true).await.is(201);
        signs_in(app, "nina", false).await.is(201);
        let nina = app.site.signs_in("nina").await;
        assert_eq!(nina.get(&format!("/tracks/{}", single.track)).await.is(200).json()["mine"], true);
        let log = nina.walks("/me/audit-log", 10).await;
        let actions: Vec<&str> = log.iter().filter_map(|entry| entry["action"].as_str()).collect();
        assert_eq!(actions, ["reopened", "closed"]);
        assert!(log.iter().all(|entry| entry["by_me"] == json!(true)), "{log:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_just_proved_to_be_there_closes_an_account() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        app.platform.clock.advance(TimeDelta::minutes(11));
        ada.delete("/me").await.is_problem(403, "reauthentication-required");
        app.stranger().delete("/me").await.is_problem(401, "unauthenticated");
        ada.get("/me").await.is(200);
        app.site.signs_in("ada").await.delete("/me").await.is(202);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_stays() {
    with_app(async |app| {
        for handle in ["ada", "otto"] {
            app.listener(handle).await;
        }
        app.execute("update accounts.accounts set role = 'admin'").await;
        let (ada, otto) = (app.site.signs_in("ada").await, app.site.signs_in("otto").await);
        let (first, second) = tokio::join!(ada.delete("/me"), otto.delete("/me"));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [202, 409], "{} {}", first.text(), second.text());
        let refused = if first.status == 409 { first } else { second };
        refused.is_problem(409, "last-admin");
        let closing = "select handle as line from accounts.accounts where closing_until is not null";
        assert!(becomes_true(AT_MOST, async || app.lines(closing).await.len() == 1).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_takes_the_cookie_away() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let answer = ada.delete("/me").await.is(202);
        assert!(answer.header("set-cookie").contains("Max-Age=0"), "{}", answer.header("set-cookie"));
        assert_ne!(answer.json()["closing_until"], Value::Null);
    })
    .await;
}
