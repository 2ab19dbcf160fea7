//! Show what an account's players have lined up.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_nobody_put_is_empty() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let queue = ada.get("/me/queue").await.is(200);
        let empty = json!({ "items": [], "current": null, "position_ms": 0, "device": null, "put_at": null });
        assert_eq!(queue.json(), empty);
        let request = ada.request(Method::GET, "/me/queue").header("if-none-match", queue.header("etag"));
        send(request).await.is(304);
        app.stranger().get("/me/queue").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_device_goes_on_where_one_left() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (tides, ebb) = (nina.publishes_a_single("Tides").await, nina.publishes_a_single("Ebb").await);
        let queue = json!({ "items": [tides.track, ebb.track, tides.track], "current": 1, "position_ms": 700, "device": "the kitchen" });
        ada.put("/me/queue", queue).await.is(200);
        nina.delete(&format!("/releases/{}/publication", ebb.release)).await.is(204);
        let elsewhere = app.site.signs_in("ada").await;
        let queue = elsewhere.get("/me/queue").await.is(200).json();
        let titles: Vec<&Value> =
            queue["items"].as_array().expect("items").iter().map(|item| &item["track"]["title"]).collect();
        // What may not be heard any more keeps its place, without a name.
        assert_eq!(titles, [&json!("Tides"), &Value::Null, &json!("Tides")]);
        assert_eq!(queue["items"][1]["track_id"], json!(ebb.track));
        assert_eq!((&queue["current"], &queue["position_ms"], &queue["device"]), (&json!(1), &json!(700), &json!("the kitchen")));
        assert!(queue["put_at"].is_string());
        assert_eq!(nina.get("/me/queue").await.is(200).json()["items"], json!([]));
    })
    .await;
}
