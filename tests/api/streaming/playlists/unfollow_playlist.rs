//! Follow a playlist no longer.

use serde_json::json;

use super::makes;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_no_longer_is_not_counted_also_where_they_may_not_look_any_more() {
    with_app(async |app| {
        let (nina, ada) = (app.listener("nina").await, app.listener("ada").await);
        let path = makes(&nina, "Rivers", "public").await;
        ada.put(&format!("{path}/following"), json!({})).await.is(204);
        nina.patch(&path, json!({ "visibility": "private" })).await.is(200);
        for _ in 0..2 {
            ada.delete(&format!("{path}/following")).await.is(204);
        }
        assert_eq!(nina.get(&path).await.is(200).json()["follower_count"], 0);
    })
    .await;
}
