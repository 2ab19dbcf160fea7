//! Set an artist's avatar or banner.

use image::ImageFormat;
use serde_json::json;

use super::{nina_becomes, sends, url};
use crate::support::picture::picture;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn an_avatar_is_square_and_a_banner_three_times_as_wide_as_high() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let file = picture(2_400, 1_200, ImageFormat::Jpeg);
        let avatar = sends(&nina, "/artists/nina/avatar", file.clone()).await.is(200).json()["avatar"].clone();
        let artist = sends(&nina, "/artists/nina/banner", file).await.is(200).json();
        assert_eq!((&avatar["width"], &avatar["height"]), (&json!(1024), &json!(1024)));
        assert_eq!((&artist["banner"]["width"], &artist["banner"]["height"]), (&json!(2048), &json!(682)));
        assert_eq!(artist["avatar"], avatar);
        let stranger = app.stranger();
        for (artwork, size, expected) in [
            (&avatar, 256, (256, 256)),
            (&avatar, 2048, (1024, 1024)),
            (&artist["banner"], 512, (512, 170)),
            (&artist["banner"], 2048, (2048, 682)),
        ] {
            let answer = stranger.get(&format!("{}?size={size}", url(artwork))).await.is(200);
            assert_eq!(image::load_from_memory(&answer.body).expect("a picture").into_rgb8().dimensions(), expected);
        }
        let shown = stranger.get("/artists/nina").await.is(200).json();
        assert_eq!((&shown["avatar"], &shown["banner"]), (&avatar, &artist["banner"]));
        app.settle().await;
        let found = stranger.get("/search?q=nina&kinds=artist").await.json();
        assert_eq!(found["items"][0]["artwork"], avatar);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sets_them() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        for path in ["/artists/nina/avatar", "/artists/nina/banner"] {
            let file = picture(300, 100, ImageFormat::Png);
            sends(&otto, path, file.clone()).await.is_problem(404, "not-found");
            sends(&app.stranger(), path, file.clone()).await.is_problem(401, "unauthenticated");
            nina_becomes(app, "viewer").await;
            sends(&nina, path, file.clone()).await.is_problem(404, "not-found");
            nina_becomes(app, "owner").await;
            sends(&nina, path, &b"<svg/>"[..]).await.is_problem(415, "not-a-picture");
            sends(&nina, path, file).await.is(200);
        }
        sends(&nina, "/artists/nobody/avatar", picture(80, 80, ImageFormat::Png)).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_before_is_gone() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let before = sends(&nina, "/artists/nina/avatar", picture(80, 80, ImageFormat::Png)).await.is(200).json();
        let after = sends(&nina, "/artists/nina/avatar", picture(90, 90, ImageFormat::Png)).await.is(200).json();
        app.stranger().get(&url(&before["avatar"])).await.is_problem(404, "not-found");
        app.stranger().get(&url(&after["avatar"])).await.is(200);
        app.settle().await;
        assert_eq!((app.stored("curated").len(), app.stored("raw").len()), (1, 1));
    })
    .await;
}
