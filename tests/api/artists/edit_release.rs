//! Edit a release.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_changes_and_the_rest_stays() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let path = format!("/releases/{}", nina.creates_release("Tides").await);
        let edited = nina.patch(&path, json!({ "title": "High Tides" })).await.is(200).json();
        assert_eq!((&edited["title"], &edited["kind"]), (&json!("High Tides"), &json!("single")));
        let edited = nina.patch(&path, json!({ "kind": "ep" })).await.is(200).json();
        assert_eq!((&edited["title"], &edited["kind"]), (&json!("High Tides"), &json!("ep")));
        assert_eq!(nina.get(&path).await.json(), nina.patch(&path, json!({})).await.is(200).json());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_not_edited_into_what_it_cannot_be() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let path = format!("/releases/{}", nina.creates_release("Tides").await);
        let before = nina.get(&path).await.json();
        nina.patch(&path, json!({ "title": "" })).await.is_invalid("title");
        nina.patch(&path, json!({ "kind": "mixtape" })).await.is_invalid("kind");
        for field in ["id", "artist_id", "published_at", "state", "mine"] {
            nina.patch(&path, json!({ field: "2026-01-01T00:00:00Z" })).await.is_invalid(field);
        }
        nina.patch("/releases/nonsense", json!({})).await.is_problem(404, "not-found");
        assert_eq!(nina.get(&path).await.json(), before);
    })
    .await;
}
