//! Publish a release.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_published_release_is_there_for_everybody() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        let published = nina.publishes(&single.release).await;
        assert_eq!(published["state"], "published");
        let seen = app.stranger().get(&format!("/releases/{}", single.release)).await.is(200).json();
        assert_eq!((&seen["title"], &seen["track_count"]), (&json!("Tides"), &json!(1)));
        assert_eq!(seen["published_at"], published["published_at"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_published_when_its_tracks_are_ready() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let publication = format!("/releases/{release}/publication");
        nina.put(&publication, json!({})).await.is_problem(409, "release-without-ready-tracks");
        let noise = nina.uploads(&release, "letter.wav", "Dear Sir or Madam").await;
        assert_eq!(nina.waits_for(&noise).await["state"], "rejected");
        nina.put(&publication, json!({})).await.is_problem(409, "release-without-ready-tracks");
        let track = nina.uploads(&release, "tides.wav", crate::support::tone(440.0, 0.5)).await;
        nina.waits_until_ready(&track).await;
        app.settle().await;
        app.execute(&format!("update artists.tracks set state = 'processing' where id = '{track}'")).await;
        nina.put(&publication, json!({})).await.is_problem(409, "release-still-processing");
        app.execute(&format!("update artists.tracks set state = 'ready' where id = '{track}'")).await;
        nina.put(&publication, json!({})).await.is(200);
        // What was rejected is nothing for listeners.
        let seen = app.stranger().get(&format!("/releases/{release}")).await.is(200).json();
        assert_eq!(seen["tracks"].as_array().map(Vec::len), Some(1), "{seen:#}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_twice_changes_nothing() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = format!("/releases/{}", single.release);
        let first = nina.get(&path).await.json();
        let again = (0..5).map(async |_| nina.publishes(&single.release).await);
        for release in futures_util::future::join_all(again).await {
            assert_eq!(release, first);
        }
        let body = json!({ "at": "2200-01-01T00:00:00Z" });
        nina.put(&format!("{path}/publication"), body).await.is_problem(409, "release-is-public");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_are_told_once_also_when_it_is_withdrawn_and_published_again() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        ada.follows("nina").await;
        app.settle().await;
        let single = nina.publishes_a_single("Tides").await;
        app.settle().await;
        nina.delete(&format!("/releases/{}/publication", single.release)).await.is(204);
        app.settle().await;
        nina.publishes(&single.release).await;
        app.settle().await;
        let inbox = ada.get("/notifications").await.is(200).json();
        assert_eq!((&inbox["unread_count"], inbox["items"].as_array().map(Vec::len)), (&json!(1), Some(1)));
        let news = &inbox["items"][0];
        assert_eq!((&news["kind"], &news["title"]), (&json!("release_published"), &json!("Tides")));
        assert_eq!(
            (&news["subtitle"], &news["url"]),
            (&json!("nina"), &json!(format!("/releases/{}", single.release)))
        );
        for other in [&ben, &nina] {
            assert_eq!(other.get("/notifications").await.is(200).json()["unread_count"], 0);
        }
    })
    .await;
}
