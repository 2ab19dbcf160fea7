//! Prove once more who one is.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{App, Authenticator, Person, code_at, localhost, password, with_app};

async fn is_stale(app: &App, person: &Person<'_>) {
    app.platform.clock.advance(TimeDelta::minutes(11));
    person.post("/me/totp", json!({})).await.is_problem(403, "reauthentication-required");
}

async fn is_fresh(person: &Person<'_>) {
    person.post("/me/recovery-codes", json!({})).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_makes_the_session_fresh_for_ten_minutes() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let other = app.site.signs_in("ada").await;
        is_stale(app, &ada).await;
        let wrong = ada.post("/session/reauthentication", json!({ "password": "not hers" })).await;
        wrong.is_problem(401, "wrong-credentials");
        ada.post("/me/totp", json!({})).await.is_problem(403, "reauthentication-required");

        ada.post("/session/reauthentication", json!({ "password": password("ada") })).await.is(204);
        ada.post("/me/totp", json!({})).await.is(201);
        other.post("/me/totp", json!({})).await.is_problem(403, "reauthentication-required");
        app.platform.clock.advance(TimeDelta::minutes(9));
        ada.post("/me/totp", json!({})).await.is(201);
        is_stale(app, &ada).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_passkey_does_and_anothers_does_not() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, eve) = (site.listener("ada").await, site.listener("eve").await);
        let (mut adas, mut eves) = (Authenticator::at(&site), Authenticator::at(&site));
        ada.adds_passkey(&mut adas, "hers").await;
        eve.adds_passkey(&mut eves, "hers").await;
        is_stale(app, &ada).await;
        let signed = ada.uses_passkey(&mut eves).await;
        ada.post("/session/reauthentication", signed).await.is_problem(422, "passkey-refused");
        ada.post("/me/totp", json!({})).await.is_problem(403, "reauthentication-required");
        let signed = ada.uses_passkey(&mut adas).await;
        ada.post("/session/reauthentication", signed.clone()).await.is(204);
        is_fresh(&ada).await;
        ada.post("/session/reauthentication", signed).await.is_problem(422, "passkey-refused");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_enough_only_where_there_is_no_password() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let (secret, codes) = ada.sets_up_totp(app).await;
        is_stale(app, &ada).await;
        let code = || json!({ "code": code_at(&secret, app.platform.clock.now()) });
        ada.post("/session/reauthentication", code()).await.is_invalid("code");

        app.execute(&format!("update accounts.accounts set password_hash = null where id = '{}'", ada.id)).await;
        let guess = json!({ "password": password("ada") });
        ada.post("/session/reauthentication", guess).await.is_problem(401, "wrong-credentials");
        ada.post("/session/reauthentication", json!({ "code": "nope" })).await.is_problem(401, "wrong-code");
        ada.post("/session/reauthentication", code()).await.is(204);
        ada.post("/session/reauthentication", code()).await.is_problem(401, "wrong-code");
        app.platform.clock.advance(TimeDelta::minutes(11));
        ada.post("/session/reauthentication", json!({ "code": codes[0] })).await.is(204);
        is_fresh(&ada).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_exactly_one_proof_and_a_session() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let proof = json!({ "password": password("ada") });
        for bad in [json!({}), json!({ "password": password("ada"), "code": "123456" }), json!({ "ceremony": "x" })] {
            ada.post("/session/reauthentication", bad).await.is_invalid("password");
        }
        app.stranger().post("/session/reauthentication", proof).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_has_an_end() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for _ in 0..10 {
            let wrong = ada.post("/session/reauthentication", json!({ "password": "not hers" })).await;
            wrong.is_problem(401, "wrong-credentials");
        }
        let right = ada.post("/session/reauthentication", json!({ "password": password("ada") })).await;
        right.is_problem(429, "too-many-requests");
    })
    .await;
}
