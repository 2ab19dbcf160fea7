//! Renditions that were lost or damaged are made again from the original.

use std::time::Duration;

use crate::platform::scrub::{files, scrubs};
use crate::support::{App, becomes_true, tone, with_app};

const IN_TIME: Duration = Duration::from_secs(60);

async fn is_whole(app: &App, before: &[(std::path::PathBuf, Vec<u8>)]) -> bool {
    let noted = app.lines("select key as line from platform.objects where damage is not null").await;
    noted.is_empty() && before.iter().all(|(file, bytes)| std::fs::read(file).is_ok_and(|found| found == *bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_lost_and_what_was_damaged_comes_back() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let first = files(app, "curated");
        let other = nina.uploads(&single.release, "other.wav", tone(550.0, 1.0)).await;
        nina.waits_until_ready(&other).await;
        app.settle().await;
        let read = |file: std::path::PathBuf| (file.clone(), std::fs::read(file).expect("a rendition"));
        let before: Vec<_> = files(app, "curated").into_iter().map(read).collect();
        // One of each track, for a track is made again once at a time.
        std::fs::remove_file(&first[0]).expect("lost");
        let (damaged, bytes) = before.iter().find(|(file, _)| !first.contains(file)).expect("the other's");
        let mut bytes = bytes.clone();
        bytes[100] ^= 0x10;
        std::fs::write(damaged, bytes).expect("damaged");
        let second = scrubs(app).await;
        assert!(becomes_true(IN_TIME, async || is_whole(app, &before).await).await, "{:?}", app.stored("curated"));
        second.stop().await;
        app.settle().await;
        assert_eq!(nina.get(&format!("/tracks/{}", single.track)).await.is(200).json()["state"], "ready");
        assert_eq!(app.stored("curated").len(), before.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_sound_original_a_track_stays_as_it_is() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        app.settle().await;
        std::fs::remove_file(&files(app, "raw")[0]).expect("lost");
        app.execute("update platform.objects set damage = 'missing' where zone = 'raw'").await;
        std::fs::remove_file(&files(app, "curated")[0]).expect("lost");
        app.execute("delete from platform.objects where zone = 'raw'").await;
        let second = scrubs(app).await;
        let noted = "select key as line from platform.objects where damage = 'missing'";
        assert!(becomes_true(IN_TIME, async || app.lines(noted).await.len() == 1).await);
        second.stop().await;
        app.settle().await;
        assert_eq!(nina.get(&format!("/tracks/{}", single.track)).await.is(200).json()["state"], "ready");
    })
    .await;
}
