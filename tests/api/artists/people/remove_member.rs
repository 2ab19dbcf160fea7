//! Remove a member, or leave.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{joins, members, told};
use crate::support::{tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_sees_and_does_nothing_any_more() {
    with_app(async |app| {
        let (nina, ada, ben) = (app.artist("nina").await, app.listener("ada").await, app.listener("ben").await);
        joins(&nina, "nina", &ada, "editor").await;
        joins(&nina, "nina", &ben, "viewer").await;
        let single = nina.drafts_a_single("Tides").await;
        let of = |person: &crate::support::Person<'_>| format!("/artists/nina/members/{}", person.id);
        ada.delete(&of(&ben)).await.is_problem(403, "forbidden");
        ada.delete(&of(&nina)).await.is_problem(403, "forbidden");
        nina.delete(&of(&ada)).await.is(204);
        nina.delete(&of(&ada)).await.is_problem(404, "not-found");
        for path in [format!("/releases/{}", single.release), format!("/tracks/{}", single.track)] {
            ada.get(&path).await.is_problem(404, "not-found");
            ada.patch(&path, json!({ "title": "Mine" })).await.is_problem(404, "not-found");
        }
        assert_eq!(told(app, &ada).await, ["member_invited nina editor", "membership_ended nina "]);
        // Leaving is everybody's own affair, but for the last owner's.
        ben.delete(&of(&ben)).await.is(204);
        nina.delete(&of(&nina)).await.is_problem(409, "last-owner");
        assert_eq!(members(&nina, "nina").await, ["nina owner"]);
        ben.delete(&of(&nina)).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_hears_no_more_of_a_track_under_way() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        joins(&nina, "nina", &ada, "viewer").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "long.wav", tone(220.0, 240.0)).await;
        let path = format!("/tracks/{track}/progress");
        let mut hers = ada.listens_to(&path, None).await;
        let mut live = ada.listens_to("/live", None).await;
        let first = hers.next_within(Duration::from_secs(30)).await.expect("it is under way");
        assert_eq!(first.data["under_way"], true, "{}", first.data);
        nina.delete(&format!("/artists/nina/members/{}", ada.id)).await.is(204);
        let mut last = first;
        while let Some(event) = hers.next_within(Duration::from_secs(5)).await {
            last = event;
        }
        assert_eq!(last.name, "people.changed", "{}", last.data);
        ada.get(&path).await.is_problem(404, "not-found");
        // What was on its way may still come; then there is silence about it, while the chain goes on.
        let grace = Instant::now() + Duration::from_secs(1);
        while Instant::now() < grace {
            live.next_within(Duration::from_millis(200)).await;
        }
        let mut his = nina.listens_to(&path, None).await;
        for _ in 0..3 {
            let event = his.next_within(Duration::from_secs(30)).await.expect("it goes on");
            assert_eq!(event.data["under_way"], true, "the chain was too short for this test: {}", event.data);
        }
        while let Some(event) = live.next_within(Duration::from_millis(500)).await {
            assert_ne!(event.name, "track.progress", "{}", event.data);
        }
    })
    .await;
}
