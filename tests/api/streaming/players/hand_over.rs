//! Hand the queue over to another player.

use chrono::TimeDelta;
use serde_json::json;

use super::announces;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_goes_to_the_player_that_is_named_and_no_other() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        let phone = app.site.signs_in("ada").await;
        let (kitchen, pocket) = (announces(&ada, "Kitchen").await, announces(&phone, "Phone").await);
        let mut live = phone.listens_to("/live", None).await;
        let queue =
            json!({ "items": [single.track, single.track], "current": 1, "position_ms": 1234, "device": "Kitchen" });
        ada.post(&format!("/me/players/{pocket}/hand-over"), queue.clone()).await.is(200);
        let event = loop {
            let event = live.next().await.expect("an event");
            if event.name == "queue.handed_over" {
                break event;
            }
        };
        assert_eq!(event.data, json!({ "player_id": pocket, "by": kitchen }));
        let put = phone.get("/me/queue").await.is(200).json();
        assert_eq!(
            (&put["current"], &put["position_ms"], &put["device"]),
            (&json!(1), &json!(1234), &json!("Kitchen"))
        );
        // To nobody else's, to none that is not there, and of what is no queue, nothing is put.
        let ben = app.listener("ben").await;
        ben.post(&format!("/me/players/{pocket}/hand-over"), queue.clone()).await.is_problem(404, "not-found");
        ada.post("/me/players/nonsense/hand-over", queue.clone()).await.is_problem(404, "not-found");
        let bad = json!({ "items": [], "current": 3 });
        ada.post(&format!("/me/players/{pocket}/hand-over"), bad).await.is_problem(422, "invalid");
        app.platform.clock.advance(TimeDelta::seconds(301));
        ada.post(&format!("/me/players/{pocket}/hand-over"), json!({ "items": [] })).await.is_problem(404, "not-found");
        assert_eq!(ada.get("/me/queue").await.json()["current"], 1);
    })
    .await;
}
