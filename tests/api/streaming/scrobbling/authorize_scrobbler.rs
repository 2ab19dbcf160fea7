//! Ask Last.fm for a token.

use serde_json::json;

use super::elsewhere::{API_KEY, Mood};
use super::{profile, with_services};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn lastfm_is_connected_by_a_token_that_is_agreed_to_there() {
    with_services(async |app, service| {
        let ada = app.listener("ada").await;
        let path = "/me/scrobblers/lastfm/authorization";
        let asked = ada.post(path, json!({})).await.is(201).json();
        let url = url::Url::parse(asked["url"].as_str().expect("an address")).expect("a URL");
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let token = asked["token"].as_str().expect("a token").to_owned();
        assert_eq!(query, [("api_key".to_owned(), API_KEY.to_owned()), ("token".to_owned(), token.clone())]);
        ada.put("/me/scrobblers/lastfm", json!({ "token": token })).await.is(200);
        assert_eq!(profile(&ada, "lastfm").await["username"], "ada.fm");
        service.is(Mood::Away);
        ada.post(path, json!({})).await.is_problem(502, "service-away");
        app.stranger().post(path, json!({})).await.is_problem(401, "unauthenticated");
    })
    .await;
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.post("/me/scrobblers/lastfm/authorization", json!({})).await.is_problem(404, "not-found");
    })
    .await;
}
