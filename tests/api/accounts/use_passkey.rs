//! Sign in with a passkey.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, Authenticator, Person, Site, localhost, password, send, with_app, with_settings};

/// Somebody with a passkey.
async fn with_key<'a>(site: &'a Site, handle: &str) -> (Person<'a>, Authenticator) {
    let person = site.listener(handle).await;
    let mut key = Authenticator::at(site);
    person.adds_passkey(&mut key, "a key").await;
    (person, key)
}

async fn is_refused(site: &Site, signed: Value) {
    site.stranger().post("/session/passkey", signed).await.is_problem(422, "passkey-refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_in_without_a_login_a_password_or_a_code() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, mut key) = with_key(&site, "ada").await;
        ada.sets_up_totp(app).await;
        let signed = site.stranger().uses_passkey(&mut key).await;
        let answer = site.stranger().post("/session/passkey", signed).await.is(201);
        assert_eq!(answer.header("cache-control"), "no-store");
        let session = answer.json();
        assert_eq!(session["account"]["id"], ada.id.as_str());
        let mut signed_in = site.stranger();
        signed_in.token = session["token"].as_str().map(str::to_owned);
        assert_eq!(signed_in.get("/me").await.is(200).json()["handle"], "ada");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ceremony_tells_of_nobody() {
    with_app(async |app| {
        let site = localhost(app);
        with_key(&site, "ada").await;
        let answer = site.stranger().post("/session/passkey-ceremonies", json!({})).await.is(201);
        let options = &answer.json()["options"];
        assert_eq!(options["allowCredentials"], json!([]));
        assert_eq!(options["userVerification"], "required");
        assert_eq!(options["rpId"], "localhost");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_good_once_and_for_five_minutes() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, mut key) = with_key(&site, "ada").await;
        let signed = ada.uses_passkey(&mut key).await;
        site.stranger().post("/session/passkey", signed.clone()).await.is(201);
        is_refused(&site, signed).await;

        let signed = ada.uses_passkey(&mut key).await;
        app.platform.clock.advance(TimeDelta::minutes(5));
        is_refused(&site, signed).await;

        let (first, mut second) = (ada.uses_passkey(&mut key).await, ada.uses_passkey(&mut key).await);
        second["ceremony"] = first["ceremony"].clone();
        is_refused(&site, second).await;
        let mut unknown = ada.uses_passkey(&mut key).await;
        unknown["ceremony"] = "legato_c_unknown".into();
        is_refused(&site, unknown).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_with_the_same_answer_one_gets_in() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, mut key) = with_key(&site, "ada").await;
        let signed = ada.uses_passkey(&mut key).await;
        let stranger = site.stranger();
        let attempts = (0..4).map(|_| stranger.post("/session/passkey", signed.clone()));
        let answers = futures_util::future::join_all(attempts).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_from_another_page_or_for_another_server_is_refused() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, mut key) = with_key(&site, "ada").await;
        type Twist = fn(&mut Authenticator);
        let twists: [Twist; 5] = [
            |key| key.origin = "https://evil.example".into(),
            |key| key.origin = "http://localhost:1".into(),
            |key| key.rp_id = "evil.example".into(),
            |key| key.verifies_user = false,
            |key| key.credential_id[0] ^= 1,
        ];
        for twist in twists {
            let (origin, rp_id, id) = (key.origin.clone(), key.rp_id.clone(), key.credential_id.clone());
            twist(&mut key);
            is_refused(&site, ada.uses_passkey(&mut key).await).await;
            (key.origin, key.rp_id, key.credential_id, key.verifies_user) = (origin, rp_id, id, true);
        }
        let signed = ada.uses_passkey(&mut key).await;
        site.stranger().post("/session/passkey", signed).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_signature_and_anothers_name_are_refused() {
    with_app(async |app| {
        let site = localhost(app);
        let ((ada, mut key), (_, eves)) = (with_key(&site, "ada").await, with_key(&site, "eve").await);
        // Eve's key under the id of Ada's.
        let mut forger = Authenticator::at(&site);
        (forger.credential_id, forger.user_handle) = (key.credential_id.clone(), key.user_handle.clone());
        forger.counter = 100;
        is_refused(&site, ada.uses_passkey(&mut forger).await).await;
        // Ada's key under Eve's name, and under none.
        let mut signed = ada.uses_passkey(&mut key).await;
        signed["credential"]["response"]["userHandle"] = eves.user_handle.clone().into();
        is_refused(&site, signed).await;
        let mut signed = ada.uses_passkey(&mut key).await;
        signed["credential"]["response"]["userHandle"] = Value::Null;
        is_refused(&site, signed).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_that_does_not_rise_gives_a_copy_away() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, mut key) = with_key(&site, "ada").await;
        key.counter = 10;
        let signed = ada.uses_passkey(&mut key).await;
        site.stranger().post("/session/passkey", signed).await.is(201);
        key.counter = 7;
        is_refused(&site, ada.uses_passkey(&mut key).await).await;
        key.counter = 11;
        let signed = ada.uses_passkey(&mut key).await;
        site.stranger().post("/session/passkey", signed).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authenticator_that_does_not_count_is_welcome() {
    with_app(async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let mut key = Authenticator::at(&site);
        key.counter = 0;
        ada.adds_passkey(&mut key, "synchronised").await;
        for _ in 0..2 {
            let signed = ada.uses_passkey(&mut key).await;
            site.stranger().post("/session/passkey", signed).await.is(201);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_account_stays_out_and_one_that_closes_comes_back_on_request() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, mut key) = with_key(&site, "ada").await;
        let set = |what: &str| format!("update accounts.accounts set {what} where id = '{}'", ada.id);
        app.execute(&set("suspended_at = now(), suspension_reason = 'spam'")).await;
        let signed = site.stranger().uses_passkey(&mut key).await;
        site.stranger().post("/session/passkey", signed).await.is_problem(403, "account-suspended");
        app.execute(&set("suspended_at = null, suspension_reason = null, closing_until = now() + interval '1 day'"))
            .await;
        let signed = site.stranger().uses_passkey(&mut key).await;
        site.stranger().post("/session/passkey", signed).await.is_problem(403, "account-closing");
        let mut signed = site.stranger().uses_passkey(&mut key).await;
        signed["reopen"] = true.into();
        site.stranger().post("/session/passkey", signed).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_is_given_to_our_own_pages_alone() {
    with_app(async |app| {
        let site = localhost(app);
        let (_, mut key) = with_key(&site, "ada").await;
        for (origin, status) in [(None, 403), (Some("http://evil.example"), 403), (Some(site.base.as_str()), 201)] {
            let mut signed = site.stranger().uses_passkey(&mut key).await;
            signed["cookie"] = true.into();
            let request = site.stranger().request(Method::POST, "/session/passkey").json(&signed);
            let request = if let Some(origin) = origin { request.header("origin", origin) } else { request };
            let answer = send(request).await.is(status);
            assert_eq!(answer.headers.contains_key("set-cookie"), status == 201);
            assert!(answer.json().get("token").is_none());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_its_public_name_only_that_name_counts() {
    with_settings(&[("public_url", "http://localhost:4533")], async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let mut key = Authenticator::at(&site);
        key.origin = "http://localhost:4533".into();
        ada.adds_passkey(&mut key, "a key").await;
        let signed = ada.uses_passkey(&mut key).await;
        site.stranger().post("/session/passkey", signed).await.is(201);
        key.origin.clone_from(&site.base);
        is_refused(&site, ada.uses_passkey(&mut key).await).await;
    })
    .await;
}

/// Wrong passwords from elsewhere.
async fn is_attacked(app: &App, handle: &str) {
    for _ in 0..11 {
        let wrong = json!({ "login": handle, "password": "not hers" });
        app.stranger().post("/session", wrong).await;
    }
    let right = json!({ "login": handle, "password": password(handle) });
    app.stranger().post("/session", right).await.is_problem(429, "too-many-requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_at_the_password_does_not_keep_the_passkey_out() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, mut key) = with_key(&site, "ada").await;
        is_attacked(app, "ada").await;
        let signed = ada.uses_passkey(&mut key).await;
        site.stranger().post("/session/passkey", signed).await.is(201);
    })
    .await;
}
