//! Create a release.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_release_is_a_draft() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        for kind in ["album", "ep", "single", "compilation", "live"] {
            let new = json!({ "title": format!("My {kind}"), "kind": kind });
            let release = nina.post("/artists/nina/releases", new).await.is(201).json();
            assert_eq!((&release["kind"], &release["state"]), (&json!(kind), &json!("draft")));
            assert_eq!((&release["published_at"], &release["tracks"]), (&json!(null), &json!([])));
            assert_eq!(release["artist"]["slug"], "nina");
            let path = format!("/releases/{}", release["id"].as_str().unwrap_or_default());
            assert_eq!(nina.get(&path).await.is(200).json()["title"], format!("My {kind}"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_has_a_title_and_a_known_kind() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let create = async |body| nina.post("/artists/nina/releases", body).await;
        create(json!({ "title": " ", "kind": "ep" })).await.is_invalid("title");
        create(json!({ "title": "x".repeat(201), "kind": "ep" })).await.is_invalid("title");
        create(json!({ "title": "Tides", "kind": "mixtape" })).await.is_invalid("kind");
        create(json!({ "title": "Tides" })).await.is_invalid("kind");
        create(json!({ "title": "Tides", "kind": "ep", "published_at": null })).await.is_invalid("published_at");
        assert!(nina.walks("/artists/nina/releases", 50).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_members_create_releases_for_an_artist() {
    with_app(async |app| {
        app.artist("nina").await;
        let ada = app.listener("ada").await;
        let new = json!({ "title": "Tides", "kind": "ep" });
        ada.post("/artists/nina/releases", new.clone()).await.is_problem(404, "not-found");
        ada.post("/artists/nobody/releases", new.clone()).await.is_problem(404, "not-found");
        app.stranger().post("/artists/nina/releases", new).await.is_problem(401, "unauthenticated");
    })
    .await;
}
