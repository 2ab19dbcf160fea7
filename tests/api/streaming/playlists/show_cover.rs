//! Show a playlist's cover.

use image::ImageFormat;

use super::makes;
use super::set_cover::sets;
use crate::support::picture::picture;
use crate::support::{send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_is_kept_by_who_has_it_and_goes_with_its_owner() {
    with_app(async |app| {
        let nina = app.listener("nina").await;
        let path = makes(&nina, "Rivers", "public").await;
        let shown = sets(&nina, &path, picture(64, 64, ImageFormat::Png)).await.is(200).json();
        let url = shown["cover_url"].as_str().expect("one").to_owned();
        let first = app.stranger().get(&url).await.is(200);
        assert_eq!(first.header("cache-control"), "public, max-age=86400, immutable");
        let again = app.stranger().request(reqwest::Method::GET, &url).header("if-none-match", first.header("etag"));
        assert!(send(again).await.is(304).body.is_empty());
        app.stranger().get("/covers/nothing").await.is_problem(404, "not-found");
        app.execute(&format!(
            "update accounts.accounts set suspended_at = now(), suspension_reason = 'spam' where id = '{}'",
            nina.id
        ))
        .await;
        app.stranger().get(&url).await.is_problem(404, "not-found");
    })
    .await;
}
