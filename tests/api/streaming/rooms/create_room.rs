//! Open a room.

use serde_json::json;

use super::{opens, path};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_room_begins_at_rest_with_its_host_in_it() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (one, two) = (nina.publishes_a_single("Tides").await, nina.publishes_a_single("Ebb").await);
        let ada = app.listener("ada").await;
        let room = opens(&ada, &[&one.track, &two.track, &one.track]).await;
        assert_eq!(
            (&room["is_host"], &room["may_steer"], &room["is_open"]),
            (&json!(true), &json!(true), &json!(false))
        );
        assert_eq!(room["key"].as_str().map(str::len), Some(22));
        let playback = &room["playback"];
        assert_eq!(
            (&playback["current"], &playback["position_ms"], &playback["is_playing"]),
            (&json!(0), &json!(0), &json!(false))
        );
        let titles: Vec<_> =
            room["items"].as_array().expect("items").iter().map(|item| &item["track"]["title"]).collect();
        assert_eq!(titles, ["Tides", "Ebb", "Tides"]);
        assert!(room["items"][0]["duration_ms"].as_i64().is_some_and(|length| length > 0));
        assert_eq!(room["members"][0]["account"]["handle"], "ada");
        // The same request twice is one room.
        let body = json!({ "title": "Again", "items": [one.track] });
        let send = async || {
            let request = ada.request(reqwest::Method::POST, "/rooms").header("idempotency-key", "one").json(&body);
            crate::support::send(request).await.is(201).json()["id"].clone()
        };
        assert_eq!(send().await, send().await);
        ada.delete(&path(&room)).await.is(204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_heard_together_is_told_by_its_field() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let draft = nina.drafts_a_single("Secret").await;
        let ada = app.listener("ada").await;
        for (items, field) in [
            (json!([]), "items"),
            (json!([draft.track]), "items"),
            (json!([uuid::Uuid::now_v7()]), "items"),
            (json!(vec![draft.track.clone(); 501]), "items"),
        ] {
            let problem = ada.post("/rooms", json!({ "title": "Tonight", "items": items })).await;
            assert_eq!(problem.is_problem(422, "invalid")["field"], field);
        }
        // Its artist hears it.
        let room = opens(&nina, &[&draft.track]).await;
        assert_eq!(room["items"][0]["track"]["title"], "Secret");
        app.stranger().post("/rooms", json!({ "title": "x", "items": [draft.track] })).await.is(401);
    })
    .await;
}
