//! Withdraw a release.

use std::time::Duration;

use serde_json::json;

use crate::support::{becomes_true, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_release_is_its_members_alone() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let (release, track) = (format!("/releases/{}", single.release), format!("/tracks/{}", single.track));
        nina.delete(&format!("{release}/publication")).await.is(204);
        nina.delete(&format!("{release}/publication")).await.is(204);
        assert_eq!(nina.get(&release).await.is(200).json()["state"], "withdrawn");
        for path in [&release, &track] {
            app.stranger().get(path).await.is_problem(404, "not-found");
        }
        app.stranger().post("/plays", json!({ "track_id": single.track })).await.is_problem(404, "not-found");
        assert_eq!(app.stranger().get("/releases").await.json()["items"], json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_of_a_withdrawn_release_opens_nothing_within_seconds() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let (stranger, mine) = (app.stranger(), nina.plays(&single.track).await);
        let play = stranger.plays(&single.track).await;
        let url = |play: &serde_json::Value, of: &str| play[of]["url"].as_str().unwrap_or_default().to_owned();
        let urls = [url(&play, "stream"), url(&play, "hls")];
        for url in &urls {
            stranger.get(url).await.is(200);
        }
        nina.delete(&format!("/releases/{}/publication", single.release)).await.is(204);
        for url in &urls {
            let closed = async || stranger.get(url).await.status == 404;
            assert!(becomes_true(Duration::from_secs(6), closed).await, "{url}");
        }
        nina.get(&url(&mine, "stream")).await.is(200);
    })
    .await;
}
