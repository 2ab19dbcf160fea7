//! Remove a release's artwork.

use image::ImageFormat;
use serde_json::json;

use super::{sends, url};
use crate::support::picture::picture;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn removed_artwork_is_nowhere_any_more() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let single = nina.publishes_a_single("Tides").await;
        let kept = app.stored("curated").len();
        let path = format!("/releases/{}/artwork", single.release);
        let set = sends(&nina, &path, picture(80, 80, ImageFormat::Png)).await.is(200).json();
        let address = url(&set["artwork"]);
        app.stranger().get(&address).await.is(200);
        otto.delete(&path).await.is_problem(404, "not-found");
        app.stranger().delete(&path).await.is_problem(401, "unauthenticated");
        nina.delete(&path).await.is(204);
        nina.delete(&path).await.is(204);
        for person in [&nina, &app.stranger()] {
            person.get(&address).await.is_problem(404, "not-found");
            assert_eq!(person.get(&format!("/releases/{}", single.release)).await.json()["artwork"], json!(null));
        }
        app.settle().await;
        assert_eq!((app.stored("curated").len(), app.stored("raw").len()), (kept, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_picture_of_another_release_stays() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (first, second) = (nina.creates_release("Ebb").await, nina.creates_release("Flow").await);
        let mut addresses = Vec::new();
        for release in [&first, &second] {
            let file = picture(80, 80, ImageFormat::Png);
            let set = sends(&nina, &format!("/releases/{release}/artwork"), file).await.is(200).json();
            addresses.push(url(&set["artwork"]));
        }
        assert_ne!(addresses[0], addresses[1]);
        app.settle().await;
        assert_eq!((app.stored("curated").len(), app.stored("raw").len()), (1, 1));
        nina.delete(&format!("/releases/{first}/artwork")).await.is(204);
        app.settle().await;
        nina.get(&addresses[0]).await.is_problem(404, "not-found");
        nina.get(&addresses[1]).await.is(200);
        nina.delete(&format!("/releases/{second}/artwork")).await.is(204);
        app.settle().await;
        assert!(app.stored("curated").is_empty() && app.stored("raw").is_empty());
    })
    .await;
}
