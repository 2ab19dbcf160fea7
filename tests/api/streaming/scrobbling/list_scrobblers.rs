//! List where an account's plays are told to.

use serde_json::Value;

use super::{connects, profile, with_services};

#[tokio::test(flavor = "multi_thread")]
async fn services_are_listed_with_the_accounts_own_profile_and_no_key() {
    with_services(async |app, _| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        connects(&ada).await;
        let text = ada.get("/me/scrobblers").await.is(200).text();
        assert!(!text.contains("token") && !text.contains("session key"), "{text}");
        let of_ada = profile(&ada, "lastfm").await;
        assert!(of_ada["connected_at"].is_string() && of_ada["told_at"].is_null() && of_ada["problem"].is_null());
        assert_eq!(profile(&ben, "lastfm").await, Value::Null);
        app.stranger().get("/me/scrobblers").await.is_problem(401, "unauthenticated");
    })
    .await;
}
