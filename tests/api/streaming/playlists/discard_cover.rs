//! What no playlist shows any more is taken away, what another one shows stays.

use image::ImageFormat;

use super::makes;
use super::set_cover::sets;
use crate::support::picture::picture;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_another_playlist_shows_stays() {
    with_app(async |app| {
        let (nina, ada) = (app.listener("nina").await, app.listener("ada").await);
        let (hers, other) = (makes(&nina, "Rivers", "public").await, makes(&ada, "Lakes", "public").await);
        sets(&nina, &hers, picture(200, 200, ImageFormat::Png)).await.is(200);
        let shown = sets(&ada, &other, picture(200, 200, ImageFormat::Png)).await.is(200).json();
        nina.delete(&hers).await.is(204);
        app.settle().await;
        app.stranger().get(shown["cover_url"].as_str().expect("one")).await.is(200);
        assert_eq!(app.stored("curated").len(), 2);
    })
    .await;
}
