//! Sizes that the store has lost are made again.

use std::time::Duration;

use image::ImageFormat;

use super::{sends, url};
use crate::platform::scrub::{files, scrubs};
use crate::support::picture::picture;
use crate::support::{becomes_true, with_app};

const IN_TIME: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn what_was_lost_comes_back_under_its_address() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let set = sends(&nina, "/artists/nina/avatar", picture(300, 300, ImageFormat::Png)).await.is(200).json();
        let file = files(app, "curated").pop().expect("a pack");
        let before = std::fs::read(&file).expect("a pack");
        std::fs::remove_file(&file).expect("lost");
        let second = scrubs(app).await;
        // The scrubber looks once more at what was mended, and takes its note away.
        let noted = "select key as line from platform.objects where damage is not null";
        let is_back =
            async || std::fs::read(&file).is_ok_and(|found| found == before) && app.lines(noted).await.is_empty();
        assert!(becomes_true(IN_TIME, is_back).await);
        second.stop().await;
        app.settle().await;
        app.stranger().get(&url(&set["avatar"])).await.is(200);
    })
    .await;
}
