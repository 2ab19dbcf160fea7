//! Set up an authenticator.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{App, Authenticator, code_at, localhost, password, with_app, with_settings};

fn code_now(app: &App, secret: &str) -> String {
    code_at(secret, app.platform.clock.now())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authenticator_is_on_once_it_has_shown_a_code() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.put("/me/totp", json!({ "code": "123456" })).await.is_problem(404, "not-found");
        let first = ada.post("/me/totp", json!({})).await.is(201).json();
        let answer = ada.post("/me/totp", json!({})).await.is(201);
        assert_eq!(answer.header("cache-control"), "no-store");
        let (first, second) = (first["secret"].as_str().expect("one"), answer.json());
        let second = second["secret"].as_str().expect("another");
        assert_eq!(ada.get("/me/totp").await.is(200).json(), json!({ "enabled": false, "recovery_codes_left": 0 }));
        app.site.signs_in("ada").await;

        ada.put("/me/totp", json!({ "code": "nope" })).await.is_problem(401, "wrong-code");
        ada.put("/me/totp", json!({ "code": code_now(app, first) })).await.is_problem(401, "wrong-code");
        ada.put("/me/totp", json!({ "code": code_now(app, second) })).await.is(200);
        assert_eq!(ada.get("/me/totp").await.is(200).json(), json!({ "enabled": true, "recovery_codes_left": 10 }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authenticator_that_is_on_is_not_replaced() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let (secret, _) = ada.sets_up_totp(app).await;
        ada.post("/me/totp", json!({})).await.is_problem(409, "totp-already-on");
        app.platform.clock.advance(TimeDelta::seconds(30));
        ada.put("/me/totp", json!({ "code": code_now(app, &secret) })).await.is_problem(409, "totp-already-on");
        let credentials = json!({ "login": "ada", "password": password("ada"), "code": code_now(app, &secret) });
        app.stranger().post("/session", credentials).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_code_is_spent() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        // At the beginning of a step, so that the next code is half a minute away.
        let into_step = app.platform.clock.now().timestamp() % 30;
        app.platform.clock.advance(TimeDelta::seconds(30 - into_step));
        let (secret, _) = ada.sets_up_totp(app).await;
        let credentials = json!({ "login": "ada", "password": password("ada"), "code": code_now(app, &secret) });
        app.stranger().post("/session", credentials).await.is_problem(401, "wrong-code");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_for_the_authenticator_names_server_and_account() {
    let server = [("public_url", "http://localhost:4533")];
    with_settings(&server, async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let new = ada.post("/me/totp", json!({})).await.is(201).json();
        let (secret, uri) = (new["secret"].as_str().expect("one"), new["uri"].as_str().expect("one"));
        assert_eq!(secret.len(), 32, "160 bits in base 32: {secret}");
        assert!(uri.starts_with("otpauth://totp/Legato%20%28localhost%29:ada?"), "{uri}");
        assert!(uri.contains(&format!("secret={secret}")), "{uri}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn turning_it_on_or_off_ends_the_other_sessions_and_is_told() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let other = app.site.signs_in("ada").await;
        let (secret, _) = ada.sets_up_totp(app).await;
        other.get("/me").await.is_problem(401, "unauthenticated");
        ada.get("/me").await.is(200);

        app.platform.clock.advance(TimeDelta::seconds(30));
        let credentials = json!({ "login": "ada", "password": password("ada"), "code": code_now(app, &secret) });
        let mut other = app.stranger();
        other.token =
            app.stranger().post("/session", credentials).await.is(201).json()["token"].as_str().map(Into::into);
        ada.delete("/me/totp").await.is(204);
        other.get("/me").await.is_problem(401, "unauthenticated");

        let told = "select payload::text as line from platform.jobs where payload::text like '%factor_changed%'";
        let told = app.lines(told).await.join("\n");
        assert!(told.contains("totp_on") && told.contains("totp_off"), "{told}");
        let noted =
            "select detail ->> 'what' as line from accounts.audit_log where action = 'factor_changed' order by id";
        assert_eq!(app.lines(noted).await, ["totp_on", "totp_off"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_authenticator_the_password_is_enough_again() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.sets_up_totp(app).await;
        ada.delete("/me/totp").await.is(204);
        assert_eq!(ada.get("/me/totp").await.is(200).json(), json!({ "enabled": false, "recovery_codes_left": 0 }));
        app.site.signs_in("ada").await;
        ada.delete("/me/totp").await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_touches_factors_wants_a_fresh_proof() {
    with_app(async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let begun = ada.post("/me/passkeys/ceremonies", json!({})).await.is(201).json();
        let credential = Authenticator::at(&site).creates(&begun["options"]);
        let new = json!({ "ceremony": begun["ceremony"], "name": "a key", "credential": credential });
        let passkey = "/me/passkeys/0190b2f0-c0de-7000-8000-00000000cafe";
        app.platform.clock.advance(TimeDelta::minutes(11));
        let none = json!({});
        ada.post("/me/totp", none.clone()).await.is_problem(403, "reauthentication-required");
        ada.put("/me/totp", json!({ "code": "123456" })).await.is_problem(403, "reauthentication-required");
        ada.delete("/me/totp").await.is_problem(403, "reauthentication-required");
        ada.post("/me/recovery-codes", none.clone()).await.is_problem(403, "reauthentication-required");
        ada.post("/me/passkeys/ceremonies", none).await.is_problem(403, "reauthentication-required");
        ada.post("/me/passkeys", new).await.is_problem(403, "reauthentication-required");
        ada.delete(passkey).await.is_problem(403, "reauthentication-required");
        ada.get("/me/totp").await.is(200);
        ada.get("/me/passkeys").await.is(200);
    })
    .await;
}
