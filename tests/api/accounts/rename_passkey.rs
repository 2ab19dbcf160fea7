//! Call a passkey something else.

use serde_json::json;

use crate::support::{Authenticator, localhost, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_called_what_its_owner_says() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, eve) = (site.listener("ada").await, site.listener("eve").await);
        let added = ada.adds_passkey(&mut Authenticator::at(&site), "her phone").await;
        let path = format!("/me/passkeys/{}", added["passkey"]["id"].as_str().expect("an id"));
        eve.patch(&path, json!({ "name": "mine" })).await.is_problem(404, "not-found");
        ada.patch(&path, json!({ "name": "" })).await.is_invalid("name");
        ada.patch(&path, json!({ "account_id": eve.id })).await.is_invalid("account_id");
        ada.patch("/me/passkeys/none", json!({ "name": "x" })).await.is_problem(404, "not-found");
        assert_eq!(ada.patch(&path, json!({ "name": "old phone" })).await.is(200).json()["name"], "old phone");
        assert_eq!(ada.get("/me/passkeys").await.json()["items"][0]["name"], "old phone");
    })
    .await;
}
