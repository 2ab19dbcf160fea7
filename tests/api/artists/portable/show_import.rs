//! How an import goes.

use serde_json::json;

use super::{exports, imports};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sees_what_was_brought_in() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        nina.drafts_a_single("Tides").await;
        let package = exports(&nina).await;
        let first = imports(&otto, &package, false).await;
        let second = imports(&otto, &package, false).await;
        assert_eq!((&first["lines"][0]["title"], &first["lines"][0]["outcome"]), (&json!("Tides"), &json!("made")));
        let list = otto.walks("/artists/otto/imports", 1).await;
        assert_eq!(list.iter().map(|import| &import["id"]).collect::<Vec<_>>(), [&second["id"], &first["id"]]);
        assert_eq!((&list[0]["state"], &list[0]["source"]["releases"]), (&json!("done"), &json!(1)));
        let path = format!("/artists/otto/imports/{}", first["id"].as_str().expect("an id"));
        nina.get(&path).await.is_problem(404, "not-found");
        nina.get(&path.replace("/otto/", "/nina/")).await.is_problem(404, "not-found");
        otto.get("/artists/otto/imports/nonsense").await.is_problem(404, "not-found");
        app.settle().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_erased_is_in_no_report() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        imports(&otto, &exports(&nina).await, false).await;
        let event = json!({ "event": "accounts.account_closed.v1", "data": { "account": otto.id } });
        app.execute(&format!(
            "insert into platform.outbox (id, name, payload) values (gen_random_uuid(), 'accounts.account_closed.v1', '{event}')"
        ))
        .await;
        let forgotten = async || {
            let query = "select id::text as line from artists.imports where account_id is not null";
            app.lines(query).await.is_empty()
        };
        assert!(crate::support::becomes_true(std::time::Duration::from_secs(20), forgotten).await);
    })
    .await;
}
