//! Remove an artist's avatar or banner.

use image::ImageFormat;
use serde_json::json;

use super::{sends, url};
use crate::support::picture::picture;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_picture_is_nowhere_any_more_and_the_other_stays() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        sends(&nina, "/artists/nina/avatar", picture(80, 80, ImageFormat::Png)).await.is(200);
        let set = sends(&nina, "/artists/nina/banner", picture(300, 100, ImageFormat::Png)).await.is(200).json();
        otto.delete("/artists/nina/avatar").await.is_problem(404, "not-found");
        app.stranger().delete("/artists/nina/banner").await.is_problem(401, "unauthenticated");
        nina.delete("/artists/nina/avatar").await.is(204);
        nina.delete("/artists/nina/avatar").await.is(204);
        app.stranger().get(&url(&set["avatar"])).await.is_problem(404, "not-found");
        app.stranger().get(&url(&set["banner"])).await.is(200);
        assert_eq!(app.stranger().get("/artists/nina").await.json()["avatar"], json!(null));
        nina.delete("/artists/nina/banner").await.is(204);
        app.settle().await;
        assert!(app.stored("curated").is_empty() && app.stored("raw").is_empty());
    })
    .await;
}
