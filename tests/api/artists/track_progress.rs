//! Watch a track's chain.

use std::time::Duration;

use serde_json::json;

use crate::support::{Events, tone, with_app};

/// The events of a track until its chain has ended, as (stage, percent, state).
async fn progress(events: &mut Events, track: &str) -> Vec<(String, u64, String)> {
    let mut seen = Vec::new();
    while let Some(event) = events.next_within(Duration::from_secs(60)).await {
        assert_eq!((event.name.as_str(), &event.data["track_id"]), ("track.progress", &json!(track)));
        let text = |field: &str| event.data[field].as_str().unwrap_or_default().to_owned();
        let state = text("state");
        seen.push((text("stage"), event.data["percent"].as_u64().expect("percent"), state.clone()));
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
