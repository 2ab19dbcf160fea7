//! Like a track no longer.

use serde_json::json;

use super::pages;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_like_is_taken_back_also_of_what_is_withdrawn() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (tides, ebb) = (nina.publishes_a_single("Tides").await, nina.publishes_a_single("Ebb").await);
        for single in [&tides, &ebb] {
            for person in [&ada, &nina] {
                person.put(&format!("/tracks/{}/like", single.track), json!({})).await.is(204);
            }
        }
        nina.delete(&format!("/releases/{}/publication", ebb.release)).await.is(204);
        for single in [&tides, &ebb, &tides] {
            ada.delete(&format!("/tracks/{}/like", single.track)).await.is(204);
        }
        assert!(pages(&ada, "/me/library/tracks", 10, "track_id").await.is_empty());
        assert_eq!(pages(&nina, "/me/library/tracks", 10, "track_id").await.len(), 2);
        ada.delete("/tracks/nonsense/like").await.is_problem(404, "not-found");
    })
    .await;
}
