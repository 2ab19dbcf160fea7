//! Delete an API token.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::support::{Events, send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_token_is_worth_nothing_and_its_live_channel_ends() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let token = ada.post("/me/tokens", json!({ "name": "one", "scopes": ["read"] })).await.is(201).json();
        let secret = token["secret"].as_str().expect("a secret");
        let asks = |path| app.stranger().request(Method::GET, path).bearer_auth(secret);
        send(asks("/me")).await.is(200);
        let mut live = Events::of(asks("/live").send().await.expect("an answer"));
        let path = format!("/me/tokens/{}", token["id"].as_str().expect("an id"));
        ada.delete(&path).await.is(204);
        send(asks("/me")).await.is_problem(401, "unauthenticated");
        let last = live.next_within(Duration::from_secs(5)).await;
        assert!(last.is_none_or(|event| event.name == "session.ended"));
        ada.delete(&path).await.is_problem(404, "not-found");
        ada.get("/me").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_deletes_the_tokens_of_others() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let token = ada.post("/me/tokens", json!({ "name": "one", "scopes": ["read"] })).await.is(201).json();
        let path = format!("/me/tokens/{}", token["id"].as_str().expect("an id"));
        ben.delete(&path).await.is_problem(404, "not-found");
        app.stranger().delete(&path).await.is_problem(401, "unauthenticated");
        let secret = token["secret"].as_str().expect("a secret");
        send(app.stranger().request(Method::GET, "/me").bearer_auth(secret)).await.is(200);
    })
    .await;
}
