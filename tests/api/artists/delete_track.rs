//! Delete a track.

use crate::support::{tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_track_leaves_its_release() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        nina.delete(&format!("/tracks/{}", single.track)).await.is(204);
        nina.get(&format!("/tracks/{}", single.track)).await.is_problem(404, "not-found");
        let release = nina.get(&format!("/releases/{}", single.release)).await.is(200).json();
        assert_eq!(release["track_count"], 0, "{release}");
        nina.delete(&format!("/tracks/{}", single.track)).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_a_track_stops_its_chain_wherever_it_is() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for wait_ms in [0, 100, 400, 1000] {
            let track = nina.uploads(&release, "long.wav", tone(220.0, 60.0)).await;
            tokio::time::sleep(std::time::Duration::from_millis(wait_ms)).await;
            nina.delete(&format!("/tracks/{track}")).await.is(204);
        }
        app.settle().await;
        for zone in ["landing", "staging", "quarantine", "raw", "curated"] {
            assert!(app.stored(zone).is_empty(), "{zone}: {:?}", app.stored(zone));
        }
        assert!(nina.get(&format!("/releases/{release}")).await.json()["tracks"].as_array().is_some_and(Vec::is_empty));
    })
    .await;
}
