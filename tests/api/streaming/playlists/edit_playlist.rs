//! Edit what a playlist is called, and who sees it.

use reqwest::Method;
use serde_json::json;

use super::{makes, shares};
use crate::support::{send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn its_owner_renames_it_and_nobody_else() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let path = makes(&ada, "Mine", "unlisted").await;
        shares(&ada, &path, "ben", "editor").await;
        let changes = json!({ "title": "Ours", "description": "one\r\ntwo" });
        ben.patch(&path, changes.clone()).await.is_problem(403, "forbidden");
        app.listener("cleo").await.patch(&path, changes.clone()).await.is_problem(403, "forbidden");
        let edited = ada.patch(&path, changes).await.is(200).json();
        assert_eq!((&edited["title"], &edited["description"]), (&json!("Ours"), &json!("one\ntwo")));
        assert_eq!(edited["visibility"], "unlisted");
        ada.patch(&path, json!({ "visibility": "private" })).await.is(200);
        app.stranger().get(&path).await.is_problem(404, "not-found");
        ada.patch(&path, json!({ "title": "" })).await.is_invalid("title");
        ada.patch(&path, json!({ "entry_count": 7 })).await.is_invalid("entry_count");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saw_something_older_changes_nothing() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let path = makes(&ada, "Mine", "private").await;
        let tag = ada.get(&path).await.is(200).header("etag").to_owned();
        let edit = async |title: &str| {
            let request = ada.request(Method::PATCH, &path).header("if-match", &tag);
            send(request.json(&json!({ "title": title }))).await
        };
        edit("First").await.is(200);
        edit("Second").await.is_problem(412, "changed-meanwhile");
        assert_eq!(ada.get(&path).await.json()["title"], "First");
    })
    .await;
}
