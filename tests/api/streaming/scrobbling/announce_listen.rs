//! Tell a service what an account hears now.

use std::time::Duration;

use serde_json::Value;

use super::service::Mood;
use super::{connects, with_services};
use crate::support::becomes_true;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_heard_now_is_told_once_and_nothing_waits_for_it() {
    with_services(async |app, service| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        connects(&ada).await;
        ada.plays(&single.track).await;
        nina.plays(&single.track).await;
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
        ada.plays(&single.track).await;
        app.settle().await;
        let waiting = app.lines("select kind as line from platform.jobs where state <> 'done'").await;
        assert!(waiting.is_empty(), "{waiting:?}");
    })
    .await;
}
