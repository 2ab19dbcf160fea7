//! Steer a room.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{joins, opens, path, told};
use crate::support::with_app;

fn millis(playback: &Value) -> i64 {
    playback["position_ms"].as_i64().expect("a position")
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_hears_at_once_what_is_heard_and_the_clock_moves_it() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        let room = opens(&nina, &[&single.track, &single.track]).await;
        joins(&ada, &room).await;
        let mut live = ada.listens_to("/live", None).await;
        let playback = format!("{}/playback", path(&room));
        let steer = json!({ "current": 1, "position_ms": 100, "is_playing": true });
        let said = nina.put(&playback, steer).await.is(200).json();
        assert_eq!((&said["current"], millis(&said), &said["version"]), (&json!(1), 100, &json!(2)));
        let heard = told(&mut live, "room.playback").await;
        assert_eq!(
            (&heard["playback"], &heard["has_new_items"], &heard["by"]),
            (&said, &json!(false), &json!(nina.id))
        );
        app.platform.clock.advance(TimeDelta::milliseconds(200));
        let seen = ada.get(&path(&room)).await.is(200).json();
        assert!((300..1500).contains(&millis(&seen["playback"])), "{seen}");
        assert_eq!(seen["playback"]["is_playing"], true);
        // At the end it rests.
        app.platform.clock.advance(TimeDelta::seconds(3600));
        let seen = ada.get(&path(&room)).await.is(200).json();
        assert_eq!((&seen["playback"]["is_playing"], &seen["playback"]["current"]), (&json!(false), &json!(1)));
        assert_eq!(seen["playback"]["position_ms"], room["items"][1]["duration_ms"]);
        // Other tracks: the place is cut to what there is.
        let other = nina.publishes_a_single("Ebb").await;
        let steer = json!({ "items": [other.track], "current": 0, "position_ms": 4_000_000, "is_playing": false });
        let said = nina.put(&playback, steer).await.is(200).json();
        let heard = told(&mut live, "room.playback").await;
        assert_eq!((&heard["playback"], &heard["has_new_items"]), (&said, &json!(true)));
        let seen = ada.get(&path(&room)).await.is(200).json();
        assert_eq!(
            (&seen["items"][0]["track"]["title"], &seen["items"][0]["duration_ms"]),
            (&json!("Ebb"), &said["position_ms"])
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_steered_by_who_is_in_it_within_what_it_plays() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let room = opens(&nina, &[&single.track]).await;
        let playback = format!("{}/playback", path(&room));
        for (body, field) in [
            (json!({ "current": 1, "position_ms": 0, "is_playing": true }), "current"),
            (json!({ "current": -1, "position_ms": 0, "is_playing": true }), "current"),
            (json!({ "current": 0, "position_ms": -5, "is_playing": true }), "position_ms"),
            (json!({ "items": [], "current": 0, "position_ms": 0, "is_playing": true }), "items"),
        ] {
            assert_eq!(nina.put(&playback, body).await.is_problem(422, "invalid")["field"], field);
        }
        let steer = json!({ "current": 0, "position_ms": 0, "is_playing": true });
        app.listener("ada").await.put(&playback, steer.clone()).await.is_problem(404, "not-found");
        assert_eq!(nina.get(&path(&room)).await.json()["playback"]["version"], 1);
    })
    .await;
}
