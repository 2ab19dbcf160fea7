//! The live channel of an account.

use std::time::Duration;

use super::{ids, told};
use crate::support::{Events, with_app};

const SOON: Duration = Duration::from_secs(20);

/// The titles of the next notifications.
async fn titles(events: &mut Events, count: usize) -> Vec<String> {
    let mut titles = Vec::new();
    while titles.len() < count {
        let event = events.next_within(SOON).await.expect("an event");
        if event.name == "notification" {
            assert_eq!(event.id.as_deref(), event.data["id"].as_str(), "{event:?}");
            titles.push(event.data["title"].as_str().unwrap_or_default().to_owned());
        }
    }
    titles
}

#[tokio::test(flavor = "multi_thread")]
async fn news_come_as_they_happen_on_every_device() {
    with_app(async |app| {
        let (nina, ada) = told(app, &[]).await;
        let (mut phone, mut laptop) = (ada.listens_to("/live", None).await, ada.listens_to("/live", None).await);
        let mut others = nina.listens_to("/live", None).await;
        nina.publishes_a_single("Tides").await;
        assert_eq!(titles(&mut phone, 1).await, ["Tides"]);
        assert_eq!(titles(&mut laptop, 1).await, ["Tides"]);
        app.settle().await;
        assert_eq!(phone.next_within(Duration::from_secs(1)).await, None, "once, and no progress of others");
        while let Some(event) = others.next_within(Duration::from_secs(1)).await {
            assert_eq!(event.name, "track.progress");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_was_away_is_told_what_it_missed() {
    with_app(async |app| {
        let (nina, ada) = told(app, &["Ebb", "Flow", "Neap", "Spring"]).await;
        let ids = ids(&ada).await;
        let mut events = ada.listens_to("/live", Some(&ids[2])).await;
        assert_eq!(titles(&mut events, 2).await, ["Neap", "Spring"]);
        nina.publishes_a_single("Tides").await;
        assert_eq!(titles(&mut events, 1).await, ["Tides"]);
        // What is no id of ours replays nothing.
        let mut fresh = ada.listens_to("/live", Some("nonsense")).await;
        assert_eq!(fresh.next_within(Duration::from_secs(1)).await, None);
        // Another's id says only since when.
        let mut others = nina.listens_to("/live", Some(&ids[3])).await;
        assert_eq!(others.next_within(Duration::from_secs(1)).await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_have_no_channel() {
    with_app(async |app| {
        app.stranger().get("/live").await.is_problem(401, "unauthenticated");
    })
    .await;
}
