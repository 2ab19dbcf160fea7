//! Create a playlist.

use reqwest::Method;
use serde_json::json;

use crate::support::{send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_playlist_is_made_once_and_private_unless_told_otherwise() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let made = async || {
            let request = ada.request(Method::POST, "/playlists").header("idempotency-key", "one");
            send(request.json(&json!({ "title": " Mornings " }))).await.is(201).json()
        };
        let playlist = made().await;
        assert_eq!((&playlist["title"], &playlist["visibility"]), (&json!("Mornings"), &json!("private")));
        assert_eq!((&playlist["role"], &playlist["owner"]["handle"]), (&json!("owner"), &json!("ada")));
        assert_eq!((&playlist["entry_count"], &playlist["description"]), (&json!(0), &json!("")));
        assert_eq!(made().await["id"], playlist["id"]);
        assert_eq!(ada.walks("/playlists", 10).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_playlist_is_refused_by_its_field() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for (body, field) in [
            (json!({}), "title"),
            (json!({ "title": " " }), "title"),
            (json!({ "title": "x".repeat(201) }), "title"),
            (json!({ "title": "a\u{0}b" }), "title"),
            (json!({ "title": "a", "description": "x".repeat(2001) }), "description"),
            (json!({ "title": "a", "visibility": "secret" }), "visibility"),
            (json!({ "title": "a", "owner": "nina" }), "owner"),
        ] {
            ada.post("/playlists", body).await.is_invalid(field);
        }
        app.stranger().post("/playlists", json!({ "title": "a" })).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_are_the_thousandth_one_is_made() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let many = "insert into streaming.playlists (id, account_id, title, description, visibility)
                    select gen_random_uuid(), id, 'a', '', 'private' from accounts.accounts, generate_series(1, 999)";
        app.execute(many).await;
        let make = async || ada.post("/playlists", json!({ "title": "One more" })).await.status;
        let made = futures_util::future::join_all((0..6).map(async |_| make().await)).await;
        assert_eq!(made.iter().filter(|status| **status == 201).count(), 1, "{made:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_a_thousand_at_the_most() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        app.execute(&format!(
            "insert into streaming.playlists (id, account_id, title, visibility)
             select gen_random_uuid(), '{}', 'made', 'private' from generate_series(1, 999)",
            ada.id
        ))
        .await;
        ada.post("/playlists", json!({ "title": "the last" })).await.is(201);
        ada.post("/playlists", json!({ "title": "too much" })).await.is_problem(409, "limit-reached");
    })
    .await;
}
