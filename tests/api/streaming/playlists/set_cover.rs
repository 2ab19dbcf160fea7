//! Set a playlist's cover.

use image::ImageFormat;
use reqwest::Method;

use super::{makes, shares};
use crate::support::picture::picture;
use crate::support::{Answer, Person, send, with_app};

pub(super) async fn sets(person: &Person<'_>, playlist: &str, file: impl Into<Vec<u8>>) -> Answer {
    send(person.request(Method::PUT, &format!("{playlist}/cover")).body(file.into())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_is_a_square_in_two_sizes_and_another_one_has_another_address() {
    with_app(async |app| {
        let nina = app.listener("nina").await;
        let path = makes(&nina, "Rivers", "public").await;
        assert!(nina.get(&path).await.is(200).json()["cover_url"].is_null());
        let mut urls = Vec::new();
        for _ in 0..2 {
            let shown = sets(&nina, &path, picture(900, 300, ImageFormat::Png)).await.is(200).json();
            let url = shown["cover_url"].as_str().expect("an address").to_owned();
            assert_eq!(app.stranger().get(&path).await.is(200).json()["cover_url"], url);
            urls.push(url);
        }
        assert_ne!(urls[0], urls[1]);
        app.settle().await;
        app.stranger().get(&urls[0]).await.is_problem(404, "not-found");
        for size in [160, 640] {
            let answer = app.stranger().get(&format!("{}?size={size}", urls[1])).await.is(200);
            let image = image::load_from_memory_with_format(&answer.body, ImageFormat::Jpeg).expect("a JPEG");
            assert_eq!((image.width(), image.height()), (size, size));
        }
        app.stranger().get(&format!("{}?size=100", urls[1])).await.is_invalid("size");
        // The same picture twice is stored once, and stays for the one that shows it.
        assert_eq!(app.stored("curated").len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_owner_sets_it_and_nobody_else() {
    with_app(async |app| {
        let (nina, ada) = (app.listener("nina").await, app.listener("ada").await);
        let path = makes(&nina, "Rivers", "public").await;
        shares(&nina, &path, "ada", "editor").await;
        sets(&ada, &path, picture(64, 64, ImageFormat::Png)).await.is_problem(403, "forbidden");
        sets(&nina, &path, "no picture").await.is_problem(415, "not-a-picture");
        let private = makes(&nina, "Mine", "private").await;
        sets(&ada, &private, picture(64, 64, ImageFormat::Png)).await.is_problem(404, "not-found");
        app.settle().await;
        assert!(app.stored("curated").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_of_an_account_and_a_cover_do_not_share_an_object() {
    with_app(async |app| {
        let nina = app.listener("nina").await;
        let file = picture(700, 700, ImageFormat::Png);
        send(nina.request(Method::PUT, "/me/picture").body(file.clone())).await.is(200);
        let path = makes(&nina, "Rivers", "public").await;
        let url = sets(&nina, &path, file).await.is(200).json()["cover_url"].as_str().expect("one").to_owned();
        nina.delete("/me/picture").await.is(204);
        app.settle().await;
        app.stranger().get(&url).await.is(200);
        assert_eq!(app.stored("curated").len(), 2);
    })
    .await;
}
