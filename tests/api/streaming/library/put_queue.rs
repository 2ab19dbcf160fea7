//! Put what a player has lined up.

use reqwest::Method;
use serde_json::{Value, json};

use super::archived;
use crate::support::{Answer, Person, send, with_app};

const TRACK: &str = "0190b2f0-c0de-7000-8000-00000000cafe";

async fn puts(person: &Person<'_>, tag: &str, queue: Value) -> Answer {
    send(person.request(Method::PUT, "/me/queue").header("if-match", tag).json(&queue)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_do_not_overwrite_each_other_unseen() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let track = nina.publishes_a_single("Tides").await.track;
        let elsewhere = app.site.signs_in("ada").await;
        let queue = |position| json!({ "items": [track], "current": 0, "position_ms": position });
        let empty = ada.get("/me/queue").await.is(200).header("etag").to_owned();
        // Of two that saw the same, one comes first.
        let (one, other) = tokio::join!(puts(&ada, &empty, queue(1)), puts(&elsewhere, &empty, queue(2)));
        let (first, second) = if one.status == 200 { (one, other) } else { (other, one) };
        second.is_problem(412, "changed-meanwhile");
        let first = first.is(200);
        assert!(first.json()["put_at"].is_string());
        // Each answer names what to put the next upon.
        let next = puts(&ada, first.header("etag"), queue(3)).await.is(200);
        puts(&elsewhere, first.header("etag"), queue(4)).await.is_problem(412, "changed-meanwhile");
        let seen = elsewhere.get("/me/queue").await.is(200);
        assert_eq!(seen.json()["position_ms"], 3);
        puts(&elsewhere, seen.header("etag"), queue(5)).await.is(200);
        puts(&ada, next.header("etag"), queue(6)).await.is_problem(412, "changed-meanwhile");
        puts(&ada, "*", queue(7)).await.is(200);
        // That its tracks are called something else is no change of the queue.
        let seen = ada.get("/me/queue").await.is(200);
        nina.patch(&format!("/tracks/{track}"), json!({ "title": "Tides II" })).await.is(200);
        assert_eq!(ada.get("/me/queue").await.is(200).json()["items"][0]["track"]["title"], "Tides II");
        puts(&ada, seen.header("etag"), queue(8)).await.is(200);
        assert_eq!(archived(app, &ada, "queue.json").await[0]["position_ms"], 8);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_has_limits() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let put = async |queue: Value| ada.put("/me/queue", queue).await;
        put(json!({ "items": vec![TRACK; 1000], "current": 999, "position_ms": 604_800_000, "device": "x".repeat(100) }))
            .await
            .is(200);
        assert_eq!(ada.get("/me/queue").await.is(200).json()["items"].as_array().map(Vec::len), Some(1000));
        for (queue, field) in [
            (json!({ "items": vec![TRACK; 1001] }), "items"),
            (json!({ "items": ["nonsense"] }), "items[0]"),
            (json!({ "current": 0 }), "items"),
            (json!({ "items": [], "current": 0 }), "current"),
            (json!({ "items": [TRACK], "current": 1 }), "current"),
            (json!({ "items": [TRACK], "current": -1 }), "current"),
            (json!({ "items": [], "position_ms": -1 }), "position_ms"),
            (json!({ "items": [], "position_ms": 604_800_001 }), "position_ms"),
            (json!({ "items": [], "device": "x".repeat(101) }), "device"),
            (json!({ "items": [], "device": "a\nb" }), "device"),
            (json!({ "items": [], "account_id": TRACK }), "account_id"),
        ] {
            put(queue).await.is_invalid(field);
        }
        put(json!({ "items": [] })).await.is(200);
        assert_eq!(ada.get("/me/queue").await.is(200).json()["items"], json!([]));
        app.stranger().put("/me/queue", json!({ "items": [] })).await.is_problem(401, "unauthenticated");
    })
    .await;
}
