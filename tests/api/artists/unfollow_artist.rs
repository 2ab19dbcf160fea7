//! Follow an artist no longer.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn who_unfollows_hears_no_more() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        ada.follows("nina").await;
        ben.follows("nina").await;
        ada.delete("/artists/nina/following").await.is(204);
        ada.delete("/artists/nina/following").await.is(204);
        assert_eq!(ada.get("/artists/nina").await.json()["follower_count"], 1);
        app.settle().await;
        nina.publishes_a_single("Tides").await;
        app.settle().await;
        assert_eq!(ada.get("/notifications").await.is(200).json()["items"], json!([]));
        assert_eq!(ben.get("/notifications").await.is(200).json()["unread_count"], 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_mind_is_heeded_in_the_end() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let ada = app.listener("ada").await;
        for _ in 0..5 {
            ada.follows("nina").await;
            ada.delete("/artists/nina/following").await.is(204);
        }
        ada.follows("nina").await;
        app.settle().await;
        nina.publishes_a_single("Tides").await;
        app.settle().await;
        assert_eq!(ada.get("/notifications").await.is(200).json()["unread_count"], 1);
    })
    .await;
}
