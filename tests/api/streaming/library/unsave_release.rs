//! Take a release out of the library.

use serde_json::json;

use super::pages;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_taken_out_also_one_that_is_withdrawn() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = format!("/me/library/releases/{}", single.release);
        for person in [&nina, &ada] {
            person.put(&path, json!({})).await.is(204);
        }
        nina.delete(&format!("/releases/{}/publication", single.release)).await.is(204);
        for _ in 0..2 {
            ada.delete(&path).await.is(204);
        }
        assert!(pages(&ada, "/me/library/releases", 10, "release_id").await.is_empty());
        assert_eq!(pages(&nina, "/me/library/releases", 10, "release_id").await.len(), 1);
    })
    .await;
}
