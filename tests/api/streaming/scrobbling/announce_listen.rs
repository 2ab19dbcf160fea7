//! Tell a service what an account hears now.

use std::time::Duration;

use serde_json::{Value, json};

use super::elsewhere::Mood;
use super::{connects, with_services};
use crate::support::{Person, becomes_true};

/// Presses play, and says that it sounds.
async fn begins(person: &Person<'_>, track: &str) {
    let play = person.plays(track).await;
    let path = format!("/plays/{}", play["id"].as_str().expect("an id"));
    for _ in 0..2 {
        person.patch(&path, json!({ "position_ms": 0, "heard_ms": 0, "state": "playing" })).await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_heard_now_is_told_once_and_nothing_waits_for_it() {
    with_services(async |app, service| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        connects(&ada).await;
        begins(&ada, &single.track).await;
        begins(&nina, &single.track).await;
        // What is in no list is told nobody.
        connects(&nina).await;
        let draft = nina.drafts_a_single("Draft").await;
        begins(&nina, &draft.track).await;
        let is_told =
            async || !service.listens("playing_now").is_empty() && !service.calls("track.updateNowPlaying").is_empty();
        assert!(becomes_true(Duration::from_secs(10), is_told).await);
        app.settle().await;
        let told = service.listens("playing_now");
        let payload = &told[0]["payload"][0];
        assert_eq!((told.len(), &payload["listened_at"]), (1, &Value::Null));
        assert_eq!(payload["track_metadata"]["track_name"], "Tides");
        let call = &service.calls("track.updateNowPlaying")[0];
        assert!(call["track"] == "Tides" && !call.contains_key("timestamp"), "{call:?}");
        service.is(Mood::Away);
        begins(&ada, &single.track).await;
        app.settle().await;
        let waiting = app.lines("select kind as line from platform.jobs where state <> 'done'").await;
        assert!(waiting.is_empty(), "{waiting:?}");
    })
    .await;
}
