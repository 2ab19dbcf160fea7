//! Watch a track's chain.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Events, tone, with_app};

/// The events of a track until its chain has ended, as (stage, percent, state).
async fn progress(events: &mut Events, track: &str) -> Vec<(String, u64, String)> {
    let mut seen = Vec::new();
    while let Some(event) = events.next_within(Duration::from_secs(60)).await {
        assert_eq!((event.name.as_str(), &event.data["track_id"]), ("track.progress", &json!(track)));
        let text = |field: &str| event.data[field].as_str().unwrap_or_default().to_owned();
        let state = text("state");
        seen.push((text("stage"), event.data["percent"].as_u64().expect("percent"), state.clone()));
        assert_eq!(event.data["under_way"], state == "processing", "{}", event.data);
        if state != "processing" {
            break;
        }
    }
    seen
}

fn assert_whole(seen: &[(String, u64, String)]) {
    assert!(seen.iter().any(|(stage, percent, _)| stage == "render" && (1..100).contains(percent)), "{seen:?}");
    assert!(seen.iter().all(|(_, percent, _)| *percent <= 100));
    let last = seen.last().expect("an end");
    assert_eq!((last.0.as_str(), last.1, last.2.as_str()), ("package", 100, "ready"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_sees_every_stage_until_the_track_is_ready() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut live = nina.listens_to("/live", None).await;
        let track = nina.uploads(&release, "long.wav", tone(220.0, 60.0)).await;
        let mut events = nina.listens_to(&format!("/tracks/{track}/progress"), None).await;
        let seen = progress(&mut events, &track).await;
        assert_whole(&seen);
        assert_eq!(events.next_within(Duration::from_secs(5)).await, None, "the stream ends with the chain");
        assert_whole(&progress(&mut live, &track).await);
        nina.get(&format!("/tracks/{track}/progress")).await.is(204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_is_told_with_its_reason() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut live = nina.listens_to("/live", None).await;
        nina.uploads(&release, "letter.wav", "Dear Sir or Madam").await;
        loop {
            let event = live.next_within(Duration::from_secs(30)).await.expect("an event");
            if event.data["state"] == "rejected" {
                assert_eq!(event.data["problem"]["slug"], "not_audio", "{}", event.data);
                break;
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_watches_the_work_of_others() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        for person in [&ada, &app.stranger()] {
            person.get(&format!("/tracks/{}/progress", single.track)).await.is_problem(404, "not-found");
        }
        nina.get("/tracks/nonsense/progress").await.is_problem(404, "not-found");
    })
    .await;
}

fn remaining(stage: &Value) -> Option<u64> {
    stage["remaining_ms"].as_u64()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_that_is_left_is_told_as_soon_as_anybody_can_know() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        // A new server does not know how fast it is.
        let first = nina.uploads(&release, "first.wav", tone(220.0, 20.0)).await;
        nina.waits_until_ready(&first).await;
        let mut live = nina.listens_to("/live", None).await;
        let (second, third) = (
            nina.uploads(&release, "second.wav", tone(330.0, 60.0)).await,
            nina.uploads(&release, "third.wav", tone(440.0, 60.0)).await,
        );
        let mut told = Vec::new();
        while let Some(event) = live.next_within(Duration::from_secs(60)).await {
            if event.data["track_id"] == *second && event.data["stage"] == "render" && event.data["percent"] != 100 {
                told.push(event.data["remaining_ms"].as_u64().expect("it is known"));
                // One track at a time: who waits knows of it.
                let waiting = nina.get(&format!("/tracks/{third}")).await.json();
                if waiting["stages"][1]["state"] == "waiting" && waiting["stages"][0]["state"] == "done" {
                    assert!(remaining(&waiting["stages"][1]) > told.last().copied(), "{waiting:#} {told:?}");
                    assert!(remaining(&waiting["stages"][2]) >= remaining(&waiting["stages"][1]), "{waiting:#}");
                }
            }
            if event.data["track_id"] == *second && event.data["under_way"] == false {
                break;
            }
        }
        assert!(told.len() > 2, "{told:?}");
        assert!(told.last() < told.first(), "{told:?}");
        let ready = nina.waits_until_ready(&third).await;
        assert!(
            ready["stages"].as_array().expect("stages").iter().all(|stage| remaining(stage).is_none()),
            "{ready:#}"
        );
    })
    .await;
}
