//! New recovery codes.

use serde_json::{Value, json};

use crate::support::{password, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn new_recovery_codes_void_the_old_ones() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let (_, old) = ada.sets_up_totp(app).await;
        let answer = ada.post("/me/recovery-codes", json!({})).await.is(201);
        assert_eq!(answer.header("cache-control"), "no-store");
        let new = answer.json();
        let new: Vec<&str> = new["recovery_codes"].as_array().expect("ten").iter().filter_map(Value::as_str).collect();
        assert_eq!(new.len(), 10);
        assert!(new.iter().all(|code| code.len() == 19 && !old.iter().any(|gone| gone == code)), "{new:?}");

        let with = |code: &str| json!({ "login": "ada", "password": password("ada"), "code": code });
        app.stranger().post("/session", with(&old[0])).await.is_problem(401, "wrong-code");
        app.stranger().post("/session", with(new[0])).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_no_recovery_codes_without_a_second_factor() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.post("/me/recovery-codes", json!({})).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_recovery_codes_end_the_other_sessions() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let (_, codes) = ada.sets_up_totp(app).await;
        let credentials = json!({ "login": "ada", "password": password("ada"), "code": codes[0] });
        let mut other = app.stranger();
        other.token = other.post("/session", credentials).await.is(201).json()["token"].as_str().map(str::to_owned);
        other.get("/me").await.is(200);
        ada.post("/me/recovery-codes", json!({})).await.is(201);
        other.get("/me").await.is_problem(401, "unauthenticated");
    })
    .await;
}
