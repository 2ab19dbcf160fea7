//! Stop a track's chain, and keep the track.

use std::time::Duration;

use serde_json::json;

use super::reprocess_track::{AGE, ended};
use crate::support::{becomes_true, tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_is_stopped_wherever_it_is_and_may_be_begun_again() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut tracks = Vec::new();
        for wait_ms in [0, 100, 400, 1000] {
            let track = nina.uploads(&release, "long.wav", tone(220.0 + f64::from(wait_ms), 60.0)).await;
            tokio::time::sleep(Duration::from_millis(u64::try_from(wait_ms).expect("small"))).await;
            nina.delete(&format!("/tracks/{track}/reprocessing")).await.is(204);
            let stopped = nina.get(&format!("/tracks/{track}")).await.json();
            assert_eq!((&stopped["state"], &stopped["under_way"]), (&json!("cancelled"), &json!(false)), "{stopped:#}");
            assert!(stopped["stages"].as_array().expect("stages").iter().any(|stage| stage["state"] == "cancelled"));
            tracks.push(track);
        }
        app.settle().await;
        for zone in ["landing", "staging", "quarantine", "curated"] {
            assert!(app.stored(zone).is_empty(), "{zone}: {:?}", app.stored(zone));
        }
        assert_eq!(app.stored("raw").len(), 4);
        nina.put(&format!("/releases/{release}/publication"), json!({}))
            .await
            .is_problem(409, "release-without-ready-tracks");
        nina.post(&format!("/tracks/{}/reprocessing", tracks[3]), json!({})).await.is(202);
        nina.waits_until_ready(&tracks[3]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_child_ends_within_a_second_and_whoever_watches_hears_of_it() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "long.wav", tone(220.0, 120.0)).await;
        let path = format!("/tracks/{track}");
        let rendering = async || nina.get(&path).await.json()["stages"][1]["percent"].as_u64().unwrap_or(0) > 0;
        assert!(becomes_true(Duration::from_secs(30), rendering).await);
        let mut events = nina.listens_to(&format!("{path}/progress"), None).await;
        assert!(!super::ingest::children(app).is_empty());
        nina.delete(&format!("{path}/reprocessing")).await.is(204);
        let no_child = async || super::ingest::children(app).is_empty();
        assert!(becomes_true(Duration::from_secs(1), no_child).await, "the child works on");
        let mut last = json!(null);
        while let Some(event) = events.next_within(Duration::from_secs(5)).await {
            last = event.data;
        }
        assert_eq!((&last["state"], &last["under_way"]), (&json!("cancelled"), &json!(false)), "{last}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_that_can_be_heard_stays_so() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "long.wav", tone(220.0, 60.0)).await;
        nina.waits_until_ready(&track).await;
        app.execute(AGE).await;
        nina.post(&format!("/tracks/{track}/reprocessing"), json!({})).await.is(202);
        nina.delete(&format!("/tracks/{track}/reprocessing")).await.is(204);
        let stopped = ended(&nina, &track).await;
        assert_eq!(stopped["state"], "ready", "{stopped:#}");
        nina.plays(&track).await;
        // Where nothing runs there is nothing to stop.
        nina.delete(&format!("/tracks/{track}/reprocessing")).await.is(204);
        app.stranger().delete(&format!("/tracks/{track}/reprocessing")).await.is(401);
        app.listener("ada").await.delete(&format!("/tracks/{track}/reprocessing")).await.is_problem(404, "not-found");
        app.settle().await;
        assert!(app.stored("staging").is_empty());
    })
    .await;
}
