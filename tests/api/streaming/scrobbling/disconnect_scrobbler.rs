//! Disconnect a service that an account's plays are told to.

use std::time::Duration;

use super::elsewhere::Mood;
use super::{connects, with_services};
use crate::support::becomes_true;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_disconnected_is_told_nothing_more_also_of_what_waits() {
    with_services(async |app, service| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        connects(&ada).await;
        service.is(Mood::Away);
        ada.hears(&single.track).await;
        ada.delete("/me/scrobblers/lastfm").await.is(204);
        ada.delete("/me/scrobblers/lastfm").await.is_problem(404, "not-found");
        ada.delete("/me/scrobblers/myspace").await.is_problem(404, "not-found");
        ada.delete("/me/scrobblers/listenbrainz").await.is(204);
        // What is on its way already is no matter of who waits.
        let is_quiet =
            async || app.lines("select kind as line from platform.jobs where state = 'running'").await.is_empty();
        assert!(becomes_true(Duration::from_secs(10), is_quiet).await);
        service.is(Mood::Well);
        app.execute("update platform.jobs set run_at = now() where state = 'pending'").await;
        app.settle().await;
        assert!(service.listens("single").is_empty() && service.calls("track.scrobble").is_empty());
    })
    .await;
}
