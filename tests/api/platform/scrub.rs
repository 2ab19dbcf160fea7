//! Objects are read again once in a while; what is not what was stored is noted, and made again where that can be done.

use std::path::PathBuf;
use std::time::Duration;

use crate::support::{App, becomes_true, with_app, with_settings};

const IN_TIME: Duration = Duration::from_secs(60);

/// Objects of one zone, by their files.
pub(crate) fn files(app: &App, zone: &str) -> Vec<PathBuf> {
    let mut names = app.stored(zone);
    names.sort();
    names.iter().map(|name| app.data().join("objects").join(zone).join(name)).collect()
}

/// A second process on the same store, which finds every object due.
pub(crate) async fn scrubs(app: &App) -> App {
    app.execute("update platform.objects set checked_at = now() - interval '31 days'").await;
    App::start(app.platform.db.url(), &[("data", app.data().to_str().expect("a plain path"))]).await
}

async fn due(app: &App) -> usize {
    app.lines("select key as line from platform.objects where checked_at < now() - interval '30 days'").await.len()
}

async fn damage(app: &App) -> Vec<String> {
    app.lines("select zone || ' ' || damage as line from platform.objects where damage is not null order by 1").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_well_is_read_and_left_alone() {
    with_app(async |app| {
        app.artist("nina").await.drafts_a_single("Tides").await;
        app.settle().await;
        let second = scrubs(app).await;
        assert!(becomes_true(IN_TIME, async || due(app).await == 0).await);
        second.stop().await;
        assert_eq!((damage(app).await, files(app, "curated").len()), (vec![], 6));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_original_that_is_damaged_is_noted_and_kept() {
    with_app(async |app| {
        app.artist("nina").await.drafts_a_single("Tides").await;
        app.settle().await;
        let original = files(app, "raw").remove(0);
        let mut bytes = std::fs::read(&original).expect("the original");
        bytes[1000] ^= 1;
        std::fs::write(&original, &bytes).expect("written");
        let second = scrubs(app).await;
        assert!(becomes_true(IN_TIME, async || damage(app).await == ["raw damaged"]).await);
        second.stop().await;
        app.settle().await;
        assert_eq!(std::fs::read(&original).expect("it is kept"), bytes);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scrubber_that_is_switched_off_reads_nothing() {
    with_settings(&[("scrub_days", "0")], async |app| {
        app.artist("nina").await.drafts_a_single("Tides").await;
        app.settle().await;
        app.execute("update platform.objects set checked_at = now() - interval '10 years'").await;
        let settings = [("data", app.data().to_str().expect("a plain path")), ("scrub_days", "0")];
        let second = App::start(app.platform.db.url(), &settings).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(due(app).await, 7);
        second.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_is_slowed_down() {
    with_settings(&[("scrub_days", "0")], async |app| {
        app.artist("nina").await.drafts_a_single("Tides").await;
        app.settle().await;
        app.execute("update platform.objects set checked_at = now() - interval '31 days'").await;
        // The smallest object is the heads of a few segments: after any it rests for a minute and more.
        let settings = [("data", app.data().to_str().expect("a plain path")), ("scrub_bytes_per_second", "10")];
        let second = App::start(app.platform.db.url(), &settings).await;
        assert!(becomes_true(IN_TIME, async || due(app).await == 6).await);
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(due(app).await, 6);
        second.stop().await;
    })
    .await;
}
