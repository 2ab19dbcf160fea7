//! End what a device of the account plays.

use std::time::Duration;

use super::{is_over, press, stream_of};
use crate::support::{becomes_true, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_ended_from_another_device_and_by_its_account_alone() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        let phone = app.site.signs_in("ada").await;
        let play = press(&phone, &single.track, false).await.is(201).json();
        let other = press(&ada, &single.track, false).await.is(201).json();
        let listed = ada.get("/me/streams").await.is(200).json();
        let path = format!("/me/streams/{}", listed["items"][0]["id"].as_str().expect("an id"));
        nina.delete(&path).await.is_problem(404, "not-found");
        ada.delete("/me/streams/nonsense").await.is_problem(404, "not-found");
        phone.get(stream_of(&play)).await.is(200);
        ada.delete(&path).await.is(204);
        let has_ended = async || is_over(&phone, &play).await;
        assert!(becomes_true(Duration::from_secs(5), has_ended).await);
        ada.get(stream_of(&other)).await.is(200);
        ada.delete(&path).await.is_problem(404, "not-found");
        // The device itself stays signed in, and may play again.
        press(&phone, &single.track, false).await.is(201);
    })
    .await;
}
