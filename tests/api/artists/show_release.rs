//! Show a release.

use serde_json::json;

use crate::support::{tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_release_lists_its_tracks_in_order_with_their_length() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for (name, seconds) in [("Ebb", 0.5), ("Flow", 1.5)] {
            let track = nina.uploads(&release, &format!("{name}.wav"), tone(440.0, seconds)).await;
            nina.waits_until_ready(&track).await;
        }
        nina.publishes(&release).await;
        let seen = app.stranger().get(&format!("/releases/{release}")).await.is(200).json();
        let tracks: Vec<_> =
            seen["tracks"].as_array().expect("tracks").iter().map(|t| (&t["title"], &t["duration_ms"])).collect();
        assert_eq!(tracks, [(&json!("Ebb"), &json!(500)), (&json!("Flow"), &json!(1500))]);
        assert_eq!((&seen["track_count"], &seen["duration_ms"]), (&json!(2), &json!(2000)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_id_is_not_found() {
    with_app(async |app| {
        for id in ["nonsense", "0190b2f0-c0de-7000-8000-00000000cafe", "%00", "1%20or%201=1"] {
            for kind in ["releases", "tracks"] {
                app.stranger().get(&format!("/{kind}/{id}")).await.is_problem(404, "not-found");
            }
        }
    })
    .await;
}
