//! Add a passkey.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{App, Authenticator, Person, localhost, password, with_app, with_settings};

async fn begins(person: &Person<'_>) -> Value {
    person.post("/me/passkeys/ceremonies", json!({})).await.is(201).json()
}

fn answer(begun: &Value, credential: &Value) -> Value {
    json!({ "ceremony": begun["ceremony"], "name": "a key", "credential": credential })
}

async fn has_no_passkey(person: &Person<'_>) {
    assert_eq!(person.get("/me/passkeys").await.is(200).json()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_made_for_this_server_and_this_account() {
    with_app(async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let options = begins(&ada).await["options"].clone();
        assert_eq!(options["rp"], json!({ "id": "localhost", "name": "Legato" }));
        assert_eq!(options["user"]["name"], "ada");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["requireResidentKey"], true);

        let mut key = Authenticator::at(&site);
        let added = ada.adds_passkey(&mut key, " her phone ").await;
        assert_eq!(added["passkey"]["name"], "her phone");
        assert!(added["passkey"]["last_used_at"].is_null(), "{added}");
        assert!(!added.to_string().contains(&ada.id), "the user handle says nothing about the account");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_passkey_the_password_alone_signs_in_no_more() {
    with_app(async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let other = site.signs_in("ada").await;
        let added = ada.adds_passkey(&mut Authenticator::at(&site), "her phone").await;
        other.get("/me").await.is_problem(401, "unauthenticated");
        ada.get("/me").await.is(200);

        let codes = added["recovery_codes"].as_array().expect("ten recovery codes");
        assert_eq!(codes.len(), 10);
        let mut credentials = json!({ "login": "ada", "password": password("ada") });
        app.stranger().post("/session", credentials.clone()).await.is_problem(401, "second-factor-required");
        credentials["code"] = codes[0].clone();
        app.stranger().post("/session", credentials).await.is(201);

        let second = ada.adds_passkey(&mut Authenticator::at(&site), "her key").await;
        assert!(second.get("recovery_codes").is_none(), "the first ones hold: {second}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ceremony_is_good_for_one_answer() {
    with_app(async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let begun = begins(&ada).await;
        let new = answer(&begun, &Authenticator::at(&site).creates(&begun["options"]));
        ada.post("/me/passkeys", new.clone()).await.is(201);
        ada.post("/me/passkeys", new).await.is_problem(422, "passkey-refused");

        let begun = begins(&ada).await;
        let mut elsewhere = Authenticator::at(&site);
        elsewhere.origin = "http://evil.example".into();
        let wrong = answer(&begun, &elsewhere.creates(&begun["options"]));
        ada.post("/me/passkeys", wrong).await.is_problem(422, "passkey-refused");
        let right = answer(&begun, &Authenticator::at(&site).creates(&begun["options"]));
        ada.post("/me/passkeys", right).await.is_problem(422, "passkey-refused");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_from_another_page_or_for_another_server_is_refused() {
    with_app(async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        type Twist = fn(&mut Authenticator);
        let twists: [Twist; 5] = [
            |key| key.origin = "https://evil.example".into(),
            |key| key.origin = "http://localhost:1".into(),
            |key| key.origin = key.origin.replace("http:", "https:"),
            |key| key.rp_id = "evil.example".into(),
            |key| key.verifies_user = false,
        ];
        for twist in twists {
            let begun = begins(&ada).await;
            let mut key = Authenticator::at(&site);
            twist(&mut key);
            let new = answer(&begun, &key.creates(&begun["options"]));
            ada.post("/me/passkeys", new).await.is_problem(422, "passkey-refused");
        }
        let begun = begins(&ada).await;
        let stale = begins(&ada).await;
        let new = answer(&begun, &Authenticator::at(&site).creates(&stale["options"]));
        ada.post("/me/passkeys", new).await.is_problem(422, "passkey-refused");
        has_no_passkey(&ada).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn anothers_ceremony_one_of_another_kind_and_one_of_yesterday_are_refused() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, eve) = (site.listener("ada").await, site.listener("eve").await);
        let begun = begins(&ada).await;
        let new = answer(&begun, &Authenticator::at(&site).creates(&begun["options"]));
        eve.post("/me/passkeys", new.clone()).await.is_problem(422, "passkey-refused");
        ada.post("/me/passkeys", new).await.is(201);

        let mut to_sign_in = eve.post("/session/passkey-ceremonies", json!({})).await.is(201).json();
        to_sign_in["options"]["user"] = begun["options"]["user"].clone();
        let new = answer(&to_sign_in, &Authenticator::at(&site).creates(&to_sign_in["options"]));
        eve.post("/me/passkeys", new).await.is_problem(422, "passkey-refused");

        let begun = begins(&eve).await;
        let new = answer(&begun, &Authenticator::at(&site).creates(&begun["options"]));
        app.platform.clock.advance(TimeDelta::minutes(5));
        eve.post("/me/passkeys", new).await.is_problem(422, "passkey-refused");
        has_no_passkey(&eve).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authenticator_is_told_what_it_knows_already_and_a_key_is_one_accounts() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, eve) = (site.listener("ada").await, site.listener("eve").await);
        let mut key = Authenticator::at(&site);
        ada.adds_passkey(&mut key, "her phone").await;
        let begun = begins(&ada).await;
        let excluded = begun["options"]["excludeCredentials"].as_array().expect("a list");
        assert_eq!(excluded.len(), 1);

        let begun = begins(&eve).await;
        assert_eq!(begun["options"]["excludeCredentials"], json!([]));
        let new = answer(&begun, &key.creates(&begun["options"]));
        eve.post("/me/passkeys", new).await.is_problem(422, "passkey-refused");
        has_no_passkey(&eve).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_at_most_twenty() {
    with_app(async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let begun = begins(&ada).await;
        for number in 1..=20 {
            ada.adds_passkey(&mut Authenticator::at(&site), &format!("key {number}")).await;
        }
        ada.post("/me/passkeys/ceremonies", json!({})).await.is_problem(409, "limit-reached");
        let new = answer(&begun, &Authenticator::at(&site).creates(&begun["options"]));
        ada.post("/me/passkeys", new).await.is_problem(409, "limit-reached");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_passkey_is_named() {
    with_app(async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let begun = begins(&ada).await;
        let good = answer(&begun, &Authenticator::at(&site).creates(&begun["options"]));
        for (field, value) in [("name", json!("")), ("name", json!("x".repeat(65))), ("admin", json!(true))] {
            let mut bad = good.clone();
            bad[field] = value;
            ada.post("/me/passkeys", bad).await.is_invalid(field);
        }
        let mut bad = good.clone();
        bad["credential"]["response"]["attestationObject"] = "!".into();
        ada.post("/me/passkeys", bad).await.is_invalid("credential.response.attestationObject");
        ada.post("/me/passkeys", good).await.is(201);
    })
    .await;
}

async fn knows_no_passkeys(app: &App) {
    let ada = app.listener("ada").await;
    ada.post("/me/passkeys/ceremonies", json!({})).await.is_problem(409, "passkeys-unavailable");
    app.stranger().post("/session/passkey-ceremonies", json!({})).await.is_problem(409, "passkeys-unavailable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_name_has_no_passkeys_and_says_so() {
    with_app(knows_no_passkeys).await;
    with_settings(&[("public_url", "http://127.0.0.1")], knows_no_passkeys).await;
}
