//! Edit what a room is called, and who steers it.

use serde_json::json;

use super::{joins, opens, path, told};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn its_host_lets_everybody_steer() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        let room = opens(&nina, &[&single.track]).await;
        joins(&ada, &room).await;
        let steer = json!({ "current": 0, "position_ms": 0, "is_playing": true });
        let playback = format!("{}/playback", path(&room));
        ada.put(&playback, steer.clone()).await.is(403);
        ada.patch(&path(&room), json!({ "is_open": true })).await.is(403);
        let mut live = ada.listens_to("/live", None).await;
        let edited = nina.patch(&path(&room), json!({ "is_open": true, "title": "Late" })).await.is(200).json();
        assert_eq!((&edited["is_open"], &edited["title"]), (&json!(true), &json!("Late")));
        told(&mut live, "room.changed").await;
        ada.put(&playback, steer).await.is(200);
        assert_eq!(ada.get(&path(&room)).await.json()["may_steer"], true);
        nina.patch(&path(&room), json!({ "title": "" })).await.is(422);
    })
    .await;
}
