//! List what an account plays now.

use std::time::Duration;

use serde_json::{Value, json};

use super::{is_over, press, stream_of, tell};
use crate::support::{Person, becomes_true, with_settings};

async fn playing(person: &Person<'_>) -> Vec<Value> {
    person.get("/me/streams").await.is(200).json()["items"].as_array().expect("a list").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_plays_on_as_many_devices_as_it_may_and_hears_which() {
    with_settings(&[("streams_per_account", "2")], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        let (phone, tablet) = (app.site.signs_in("ada").await, app.site.signs_in("ada").await);
        let first = press(&ada, &single.track, false).await.is(201).json();
        let second = press(&phone, &single.track, false).await.is(201).json();
        let problem = press(&tablet, &single.track, false).await.is_problem(409, "too-many-streams");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.starts_with("It plays on: ")), "{problem}");
        // The same device plays one thing at a time.
        let again = press(&ada, &single.track, false).await.is(201).json();
        let listed = playing(&phone).await;
        let found: Vec<_> = listed.iter().map(|stream| (&stream["play_id"], &stream["is_this"])).collect();
        assert_eq!(found, [(&second["id"], &json!(true)), (&again["id"], &json!(false))]);
        assert_eq!((&listed[0]["track"]["title"], &listed[0]["device"].is_string()), (&json!("Tides"), &true));
        assert_eq!(phone.get("/me/streams").await.json()["max_streams"], 2);
        // Of nobody else.
        assert!(playing(&nina).await.is_empty());
        nina.post("/plays", json!({ "track_id": single.track })).await.is(201);
        // Who pauses makes room, and so does who comes to the end.
        tell(&phone, &second, "paused").await;
        press(&tablet, &single.track, false).await.is(201);
        press(&phone, &single.track, false).await.is_problem(409, "too-many-streams");
        tell(&ada, &again, "ended").await;
        press(&phone, &single.track, false).await.is(201);
        assert_eq!(playing(&ada).await.len(), 2);
        // A play that another took the place of tells of nothing that plays.
        tell(&ada, &first, "playing").await;
        assert_eq!(playing(&ada).await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_over_ends_what_played_the_longest() {
    with_settings(&[("streams_per_account", "1")], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        let phone = app.site.signs_in("ada").await;
        let first = press(&ada, &single.track, false).await.is(201).json();
        ada.get(stream_of(&first)).await.is(200);
        let mut live = ada.listens_to("/live", None).await;
        let second = press(&phone, &single.track, true).await.is(201).json();
        let ended = loop {
            let event = live.next().await.expect("an event");
            if event.name == "stream.ended" {
                break event;
            }
        };
        assert_eq!(ended.data["play_ids"], json!([first["id"]]));
        let has_ended = async || is_over(&ada, &first).await;
        assert!(becomes_true(Duration::from_secs(5), has_ended).await);
        phone.get(stream_of(&second)).await.is(200);
        let listed = playing(&ada).await;
        assert_eq!(listed.iter().map(|stream| &stream["play_id"]).collect::<Vec<_>>(), [&second["id"]]);
        // The same request twice is one stream, and ends nothing more.
        let body = json!({ "track_id": single.track, "take_over": true });
        let send = async || {
            let request = ada.request(reqwest::Method::POST, "/plays").header("idempotency-key", "one").json(&body);
            crate::support::send(request).await.is(201).json()["id"].clone()
        };
        assert_eq!(send().await, send().await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_on_after_a_pause_is_counted_anew() {
    with_settings(&[("streams_per_account", "1")], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        let phone = app.site.signs_in("ada").await;
        let first = press(&ada, &single.track, false).await.is(201).json();
        tell(&ada, &first, "playing").await;
        // The next track is granted while this one sounds: both are this device's.
        let next = press(&ada, &single.track, false).await.is(201).json();
        tell(&ada, &first, "paused").await;
        press(&phone, &single.track, false).await.is(201);
        tell(&ada, &first, "playing").await;
        for play in [&first, &next] {
            let has_ended = async || is_over(&ada, play).await;
            assert!(becomes_true(Duration::from_secs(5), has_ended).await);
        }
        assert_eq!(playing(&phone).await.iter().map(|stream| &stream["is_this"]).collect::<Vec<_>>(), [&json!(true)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_from_another_device_plays_on_that_one_too() {
    with_settings(&[("streams_per_account", "1")], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        let phone = app.site.signs_in("ada").await;
        let body = json!({ "track_id": single.track });
        let send = async |device: &Person<'_>| {
            let request = device.request(reqwest::Method::POST, "/plays").header("idempotency-key", "one").json(&body);
            crate::support::send(request).await
        };
        send(&ada).await.is(201);
        send(&ada).await.is(201);
        send(&phone).await.is_problem(409, "too-many-streams");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_limited_an_account_plays_everywhere() {
    with_settings(&[("streams_per_account", "0")], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        for _ in 0..6 {
            press(&app.site.signs_in("nina").await, &single.track, false).await.is(201);
        }
        assert_eq!(playing(&nina).await.len(), 6);
        // What nobody tells of any more ends with its track.
        app.execute("update streaming.streams set playing_until = now() - interval '1 s'").await;
        assert!(playing(&nina).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_that_begin_at_once_are_counted_one_after_the_other() {
    with_settings(&[("streams_per_account", "2")], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let mut devices = Vec::new();
        for _ in 0..6 {
            devices.push(app.site.signs_in("nina").await);
        }
        let pressed = devices.iter().map(|device| press(device, &single.track, false));
        let answers = futures_util::future::join_all(pressed).await;
        let begun = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!((begun, playing(&nina).await.len()), (2, 2));
    })
    .await;
}
