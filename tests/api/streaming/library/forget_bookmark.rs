//! Take a bookmark out.

use serde_json::json;

use super::pages;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_is_taken_out_by_whose_it_is() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = format!("/me/bookmarks/{}", single.track);
        ada.put(&path, json!({ "position_ms": 500 })).await.is(204);
        nina.delete(&path).await.is_problem(404, "not-found");
        assert_eq!(pages(&ada, "/me/bookmarks", 10, "track_id").await.len(), 1);
        ada.delete(&path).await.is(204);
        ada.delete(&path).await.is_problem(404, "not-found");
        assert!(pages(&ada, "/me/bookmarks", 10, "track_id").await.is_empty());
    })
    .await;
}
