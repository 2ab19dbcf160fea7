//! The passkeys of an account.

use serde_json::json;

use crate::support::{Authenticator, localhost, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_their_own_and_when_they_were_used() {
    with_app(async |app| {
        let site = localhost(app);
        let (ada, eve) = (site.listener("ada").await, site.listener("eve").await);
        let mut key = Authenticator::at(&site);
        ada.adds_passkey(&mut key, "her phone").await;
        ada.adds_passkey(&mut Authenticator::at(&site), "her key").await;
        let signed = ada.uses_passkey(&mut key).await;
        site.stranger().post("/session/passkey", signed).await.is(201);

        let list = ada.get("/me/passkeys").await.is(200).json();
        let items = list["items"].as_array().expect("a list");
        let names: Vec<&str> = items.iter().filter_map(|item| item["name"].as_str()).collect();
        assert_eq!(names, ["her key", "her phone"]);
        assert!(items[0]["last_used_at"].is_null() && items[1]["last_used_at"].is_string(), "{list}");
        assert!(items.iter().all(|item| item.get("credential").is_none()), "{list}");
        assert_eq!(eve.get("/me/passkeys").await.is(200).json()["items"], json!([]));
        app.stranger().get("/me/passkeys").await.is_problem(401, "unauthenticated");
    })
    .await;
}
