//! Follow an artist.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_counts_once() {
    with_app(async |app| {
        app.artist("nina").await;
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let id = ada.get("/artists/nina").await.json()["id"].as_str().unwrap_or_default().to_owned();
        ada.follows("nina").await;
        ada.follows(&id).await;
        ben.follows(&id).await;
        let seen = ada.get("/artists/nina").await.is(200).json();
        assert_eq!((&seen["follower_count"], &seen["following"]), (&json!(2), &json!(true)));
        assert_eq!(app.stranger().get("/artists/nina").await.json()["following"], false);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_follows_what_does_not_exist() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for artist in ["nobody", "0190b2f0-c0de-7000-8000-00000000cafe"] {
            ada.put(&format!("/artists/{artist}/following"), json!({})).await.is_problem(404, "not-found");
        }
        let stranger = app.stranger().put("/artists/nobody/following", json!({})).await;
        stranger.is_problem(401, "unauthenticated");
    })
    .await;
}
