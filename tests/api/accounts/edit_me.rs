//! Edit one's own account.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{send, with_app};

const ACCOUNTS: &str = "select to_jsonb(a)::text as line from accounts.accounts a order by handle";

#[tokio::test(flavor = "multi_thread")]
async fn a_name_a_language_and_a_time_zone_can_be_changed() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let changes =
            json!({ "display_name": " Ada, Countess of Lovelace ", "language": "de", "time_zone": "Europe/London" });
        let me = ada.patch("/me", changes).await.is(200).json();
        assert_eq!(me["display_name"], "Ada, Countess of Lovelace");
        assert_eq!((&me["language"], &me["time_zone"]), (&json!("de"), &json!("Europe/London")));
        assert_eq!(ada.get("/me").await.json(), me);
        // What is absent stays.
        let me = ada.patch("/me", json!({ "language": "en" })).await.is(200).json();
        assert_eq!((&me["display_name"], &me["language"]), (&json!("Ada, Countess of Lovelace"), &json!("en")));
        assert_eq!(ada.patch("/me", json!({})).await.is(200).json(), me);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_editors_who_saw_the_same_account_one_wins() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let seen = ada.get("/me").await.is(200).header("etag").to_owned();
        assert!(seen.starts_with('"'), "{seen}");
        let patch = |tag: &str, name: &str| {
            let body = json!({ "display_name": name });
            send(ada.request(Method::PATCH, "/me").header("if-match", tag).json(&body))
        };
        let (one, two) = tokio::join!(patch(&seen, "Rain"), patch(&seen, "Snow"));
        let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
        lost.is_problem(412, "changed-meanwhile");
        let now = ada.get("/me").await;
        assert_eq!(now.json()["display_name"], won.clone().is(200).json()["display_name"]);
        assert_eq!(now.header("etag"), won.header("etag"));
        let unless = |tag: &str| send(ada.request(Method::GET, "/me").header("if-none-match", tag));
        assert!(unless(now.header("etag")).await.is(304).body.is_empty());
        unless(&seen).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_field_is_named() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let before = app.lines(ACCOUNTS).await;
        for (field, value) in [
            ("display_name", json!("")),
            ("display_name", json!("x".repeat(65))),
            ("display_name", json!("Ada\r\nBcc: all@example.org")),
            ("display_name", json!("abc\u{202E}fed")),
            ("display_name", json!("\u{200B}")),
            ("language", json!("fr")),
            ("language", json!(7)),
            ("time_zone", json!("Mars/Olympus")),
            ("time_zone", json!("../../etc/localtime")),
        ] {
            ada.patch("/me", json!({ field: value })).await.is_invalid(field);
        }
        assert_eq!(app.lines(ACCOUNTS).await, before);
    })
    .await;
}

/// What no client may set about itself, and whom it would serve.
fn what_nobody_sets(other: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("role", json!("admin")),
        ("verified", json!(true)),
        ("email_confirmed", json!(true)),
        ("email_confirmed_at", json!("2026-01-01T00:00:00Z")),
        ("quota", json!(9e15)),
        ("owner_id", json!(other)),
        ("account_id", json!(other)),
        ("user_id", json!(other)),
        ("id", json!(other)),
        ("email", json!("eve@example.org")),
        ("password_hash", json!("x")),
        ("suspended_at", json!(null)),
        ("closing_until", json!(null)),
        ("created_at", json!("2001-01-01T00:00:00Z")),
        ("__proto__", json!({ "role": "admin" })),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_makes_more_of_themselves_than_a_route_lets_them() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        app.settle().await;
        let before = app.lines(ACCOUNTS).await;
        for (method, path, body) in [
            (Method::PATCH, "/me", json!({ "display_name": "Eve" })),
            (Method::PUT, "/me/handle", json!({ "handle": "eve" })),
            (Method::PUT, "/me/password", json!({ "password": "a brand new secret" })),
            (Method::POST, "/me/email-changes", json!({ "email": "new@example.org" })),
            (Method::POST, "/me/tokens", json!({ "name": "mine", "scopes": ["read"] })),
            (Method::POST, "/me/app-passwords", json!({ "name": "mine" })),
        ] {
            let more = what_nobody_sets(&ben.id).into_iter().filter(|(field, _)| body.get(field).is_none());
            for (field, value) in more {
                let mut body = body.clone();
                body[field] = value;
                send(ada.request(method.clone(), path).json(&body)).await.is_invalid(field);
            }
        }
        assert_eq!(app.lines(ACCOUNTS).await, before);
        for table in ["api_tokens", "app_passwords", "letter_codes where purpose = 'change_email'"] {
            assert!(app.lines(&format!("select '' as line from accounts.{table}")).await.is_empty(), "{table}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_are_told_of_a_new_name_and_of_nothing_else() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.patch("/me", json!({ "display_name": "Countess", "language": "de" })).await.is(200);
        ada.patch("/me", json!({ "time_zone": "Europe/London" })).await.is(200);
        let events =
            "select payload->'data'->>'display_name' as line from platform.outbox where name = 'accounts.account_changed.v1'";
        assert_eq!(app.lines(events).await, ["Countess"]);
        app.stranger().patch("/me", json!({})).await.is_problem(401, "unauthenticated");
    })
    .await;
}
