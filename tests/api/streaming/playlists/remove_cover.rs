//! Remove a playlist's cover.

use image::ImageFormat;

use super::makes;
use super::set_cover::sets;
use crate::support::picture::picture;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_that_is_removed_leaves_nothing_behind() {
    with_app(async |app| {
        let nina = app.listener("nina").await;
        let path = makes(&nina, "Rivers", "public").await;
        let shown = sets(&nina, &path, picture(64, 64, ImageFormat::Png)).await.is(200).json();
        for _ in 0..2 {
            nina.delete(&format!("{path}/cover")).await.is(204);
        }
        app.settle().await;
        app.stranger().get(shown["cover_url"].as_str().expect("one")).await.is_problem(404, "not-found");
        assert!(nina.get(&path).await.is(200).json()["cover_url"].is_null() && app.stored("curated").is_empty());
        // And so does one of a playlist that is deleted.
        sets(&nina, &path, picture(64, 64, ImageFormat::Png)).await.is(200);
        nina.delete(&path).await.is(204);
        app.settle().await;
        assert!(app.stored("curated").is_empty());
    })
    .await;
}
