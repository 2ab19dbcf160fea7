//! Take a passkey away.

use serde_json::{Value, json};

use crate::support::{App, Authenticator, Person, localhost, with_app};

fn path(added: &Value) -> String {
    format!("/me/passkeys/{}", added["passkey"]["id"].as_str().expect("an id"))
}

async fn has_no_password(app: &App, person: &Person<'_>) {
    app.execute(&format!("update accounts.accounts set password_hash = null where id = '{}'", person.id)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_that_is_gone_signs_nobody_in() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, eve) = (site.listener("ada").await, site.listener("eve").await);
        let mut key = Authenticator::at(&site);
        let added = ada.adds_passkey(&mut key, "her phone").await;
        let signed = ada.uses_passkey(&mut key).await;
        let other = site.stranger().post("/session/passkey", signed).await.is(201).json();
        let mut late = site.stranger();
        late.token = other["token"].as_str().map(str::to_owned);

        eve.delete(&path(&added)).await.is_problem(404, "not-found");
        ada.delete(&path(&added)).await.is(204);
        ada.delete(&path(&added)).await.is_problem(404, "not-found");
        late.get("/me").await.is_problem(401, "unauthenticated");
        let signed = ada.uses_passkey(&mut key).await;
        site.stranger().post("/session/passkey", signed).await.is_problem(422, "passkey-refused");
        // It was the only second factor.
        assert_eq!(ada.get("/me/totp").await.json(), json!({ "enabled": false, "recovery_codes_left": 0 }));
        site.signs_in("ada").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_codes_stay_while_another_factor_does() {
    with_app(async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let added = ada.adds_passkey(&mut Authenticator::at(&site), "her phone").await;
        ada.sets_up_totp(app).await;
        ada.delete(&path(&added)).await.is(204);
        assert_eq!(ada.get("/me/totp").await.json(), json!({ "enabled": true, "recovery_codes_left": 10 }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_way_in_stays() {
    with_app(async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let phone = ada.adds_passkey(&mut Authenticator::at(&site), "her phone").await;
        let key = ada.adds_passkey(&mut Authenticator::at(&site), "her key").await;
        has_no_password(app, &ada).await;
        ada.delete(&path(&phone)).await.is(204);
        ada.delete(&path(&key)).await.is_problem(409, "last-way-in");
        assert_eq!(ada.get("/me/passkeys").await.json()["items"].as_array().map(Vec::len), Some(1));

        app.execute(&format!(
            "insert into accounts.linked_identities (id, account_id, provider, subject)
             values (gen_random_uuid(), '{}', 'elsewhere', 'ada')",
            ada.id
        ))
        .await;
        ada.delete(&path(&key)).await.is(204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_take_the_last_two_at_once_one_is_refused() {
    with_app(async |app| {
        let site = localhost(app);
        let ada = site.listener("ada").await;
        let phone = ada.adds_passkey(&mut Authenticator::at(&site), "her phone").await;
        let key = ada.adds_passkey(&mut Authenticator::at(&site), "her key").await;
        has_no_password(app, &ada).await;
        let (phone, key) = (path(&phone), path(&key));
        let (one, other) = tokio::join!(ada.delete(&phone), ada.delete(&key));
        let mut told = [one.status, other.status];
        told.sort_unstable();
        assert_eq!(told, [204, 409]);
        assert_eq!(ada.get("/me/passkeys").await.json()["items"].as_array().map(Vec::len), Some(1));
    })
    .await;
}
