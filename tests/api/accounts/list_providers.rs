//! List the providers that people may sign in with.

use serde_json::json;

use crate::support::{with_app, with_settings};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_the_providers_and_nothing_that_is_not_for_them() {
    let entry = |name: &str, label: &str| {
        let issuer = format!("https://{name}.example");
        json!({ "name": name, "label": label, "issuer": issuer, "client_id": "legato", "client_secret": "hunter2" })
    };
    let list = json!([entry("two", "Two & Co"), entry("one", "One")]).to_string();
    with_settings(&[("oidc", &list)], async |app| {
        let answer = app.stranger().get("/oidc").await.is(200);
        let items = json!([
            { "name": "two", "label": "Two & Co", "url": "/api/v1/oidc/two/authorization" },
            { "name": "one", "label": "One", "url": "/api/v1/oidc/one/authorization" },
        ]);
        assert_eq!(answer.json(), json!({ "items": items, "next_cursor": null }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_may_be_none() {
    with_app(async |app| {
        assert_eq!(app.stranger().get("/oidc").await.is(200).json()["items"], json!([]));
    })
    .await;
}
