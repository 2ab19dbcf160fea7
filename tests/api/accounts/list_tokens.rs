//! List an account's API tokens.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use crate::support::{send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_their_own_tokens_newest_first() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        for name in ["one", "two", "three"] {
            ada.post("/me/tokens", json!({ "name": name, "scopes": ["read"] })).await.is(201);
        }
        let tokens = ada.walks("/me/tokens", 2).await;
        let names: Vec<_> = tokens.iter().map(|token| token["name"].as_str().unwrap_or_default()).collect();
        assert_eq!(names, ["three", "two", "one"]);
        assert!(tokens.iter().all(|token| token.get("secret").is_none() && token["last_used_at"].is_null()));
        assert_eq!(ben.get("/me/tokens").await.is(200).json()["items"], json!([]));
        app.stranger().get("/me/tokens").await.is_problem(401, "unauthenticated");
        ada.get("/me/tokens?limit=0").await.is_invalid("limit");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_tells_when_a_token_was_last_used() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let token = ada.post("/me/tokens", json!({ "name": "one", "scopes": ["read"] })).await.is(201).json();
        app.platform.clock.advance(TimeDelta::hours(1));
        let secret = token["secret"].as_str().expect("a secret");
        send(app.stranger().request(Method::GET, "/me").bearer_auth(secret)).await.is(200);
        let listed = ada.get("/me/tokens").await.is(200).json();
        assert!(listed["items"][0]["last_used_at"].as_str() > token["created_at"].as_str(), "{listed}");
    })
    .await;
}
