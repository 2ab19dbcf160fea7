//! Show a room.

use serde_json::json;

use super::{joins, opens, path};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_may_not_hear_is_silence_of_the_same_length() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (open, draft) = (nina.publishes_a_single("Tides").await, nina.drafts_a_single("Secret").await);
        let ada = app.listener("ada").await;
        let room = opens(&nina, &[&open.track, &draft.track]).await;
        let seen = joins(&ada, &room).await;
        assert_eq!((&seen["items"][0]["track"]["title"], &seen["items"][1]["track"]), (&json!("Tides"), &json!(null)));
        assert_eq!(seen["items"][1]["duration_ms"], room["items"][1]["duration_ms"]);
        assert!(!ada.get(&path(&room)).await.is(200).text().contains("Secret"));
        app.stranger().get(&path(&room)).await.is(401);
    })
    .await;
}
