//! Create an app password.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn an_app_password_is_made_by_the_server_and_shown_once() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let answer = ada.post("/me/app-passwords", json!({ "name": "my telephone" })).await.is(201);
        assert_eq!(answer.header("cache-control"), "no-store");
        let password = answer.json()["password"].as_str().expect("a password").to_owned();
        assert_eq!((password.len(), password.matches('-').count()), (31, 3), "{password}");
        let another = ada.post("/me/app-passwords", json!({ "name": "my telephone" })).await.is(201).json();
        assert_ne!(another["password"], password);
        assert!(!ada.get("/me/app-passwords").await.is(200).text().contains(&password));
        let rows = app.lines("select to_jsonb(p)::text as line from accounts.app_passwords p").await.concat();
        let as_hex: String = password.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!rows.contains(&password) && !rows.contains(&as_hex), "{rows}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_password_does_not_sign_in_to_the_account() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let made = ada.post("/me/app-passwords", json!({ "name": "my telephone" })).await.is(201).json();
        let credentials = json!({ "login": "ada", "password": made["password"] });
        app.stranger().post("/session", credentials).await.is_problem(401, "wrong-credentials");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_creates_one_has_just_proved_who_they_are() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        app.platform.clock.advance(TimeDelta::minutes(11));
        let body = json!({ "name": "my telephone" });
        ada.post("/me/app-passwords", body.clone()).await.is_problem(403, "reauthentication-required");
        app.stranger().post("/me/app-passwords", body).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_chooses_an_app_password_and_a_bad_field_is_named() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for (field, value) in [
            ("name", json!(" ")),
            ("name", json!("a\u{0}b")),
            ("password", json!("the password of ada")),
            ("account_id", json!(ada.id)),
        ] {
            let mut body = json!({ "name": "my telephone" });
            body[field] = value;
            ada.post("/me/app-passwords", body).await.is_invalid(field);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_twenty_of_them() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for number in 0..20 {
            ada.post("/me/app-passwords", json!({ "name": format!("client {number}") })).await.is(201);
        }
        let one_more = ada.post("/me/app-passwords", json!({ "name": "one more" })).await;
        one_more.is_problem(409, "limit-reached");
    })
    .await;
}
