//! Save a release.

use serde_json::json;

use super::{archived, pages};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_open_is_saved_once() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (draft, single) = (nina.creates_release("Draft").await, nina.publishes_a_single("Tides").await);
        ada.put(&format!("/me/library/releases/{draft}"), json!({})).await.is_problem(404, "not-found");
        ada.put("/me/library/releases/nonsense", json!({})).await.is_problem(404, "not-found");
        nina.put(&format!("/me/library/releases/{draft}"), json!({})).await.is(204);
        let path = format!("/me/library/releases/{}", single.release);
        ada.put(&path, json!({})).await.is(204);
        let first = pages(&ada, "/me/library/releases", 10, "release_id").await;
        assert_eq!(first[0]["release"]["title"], "Tides");
        ada.put(&path, json!({})).await.is(204);
        assert_eq!(pages(&ada, "/me/library/releases", 10, "release_id").await, first);
        app.stranger().put(&path, json!({})).await.is_problem(401, "unauthenticated");
        let archived = archived(app, &ada, "saved_releases.json").await;
        assert_eq!((&archived[0]["release_id"], &archived[0]["title"]), (&json!(single.release), &json!("Tides")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unlisted_is_saved_by_whoever_has_its_address() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.drafts_a_single("Tides").await;
        let publication = format!("/releases/{}/publication", single.release);
        nina.put(&publication, json!({ "visibility": "unlisted" })).await.is(200);
        ada.put(&format!("/me/library/releases/{}", single.release), json!({})).await.is(204);
        assert_eq!(pages(&ada, "/me/library/releases", 10, "release_id").await[0]["release"]["title"], "Tides");
    })
    .await;
}
