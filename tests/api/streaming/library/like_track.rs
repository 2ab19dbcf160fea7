//! Like a track.

use serde_json::json;

use super::{archived, pages};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_liked_is_ones_own_secret_and_liked_once() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let like = format!("/tracks/{}/like", single.track);
        ada.put(&like, json!({})).await.is(204);
        let first = pages(&ada, "/me/library/tracks", 10, "track_id").await;
        assert_eq!((&first[0]["track"]["title"], &first[0]["stars"]), (&json!("Tides"), &json!(null)));
        // Again, it stays where it was.
        ada.put(&like, json!({})).await.is(204);
        assert_eq!(pages(&ada, "/me/library/tracks", 10, "track_id").await, first);
        assert!(pages(&nina, "/me/library/tracks", 10, "track_id").await.is_empty());
        for path in [format!("/tracks/{}", single.track), format!("/releases/{}", single.release)] {
            assert!(!nina.get(&path).await.is(200).text().contains("like"), "{path}");
        }
        let archived = archived(app, &ada, "liked_tracks.json").await;
        assert_eq!((&archived[0]["track_id"], &archived[0]["artist"]), (&json!(single.track), &json!("nina")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_not_hear_cannot_be_liked() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let draft = nina.drafts_a_single("Tides").await;
        let like = format!("/tracks/{}/like", draft.track);
        ada.put(&like, json!({})).await.is_problem(404, "not-found");
        app.stranger().put(&like, json!({})).await.is_problem(401, "unauthenticated");
        nina.put(&like, json!({})).await.is(204);
        for unknown in ["/tracks/0190b2f0-c0de-7000-8000-00000000cafe/like", "/tracks/nonsense/like"] {
            ada.put(unknown, json!({})).await.is_problem(404, "not-found");
        }
        assert_eq!(app.lines("select account_id::text as line from streaming.likes").await, [nina.id.as_str()]);
    })
    .await;
}
