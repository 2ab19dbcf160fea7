//! Remove one's picture.

use image::ImageFormat;
use reqwest::Method;
use serde_json::json;

use crate::support::picture::picture;
use crate::support::{Person, send, with_app};

async fn sets(person: &Person<'_>) -> String {
    let request = person.request(Method::PUT, "/me/picture").body(picture(64, 64, ImageFormat::Png));
    send(request).await.is(200).json()["picture_url"].as_str().expect("an address").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_picture_is_nowhere_any_more() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let url = sets(&ada).await;
        ada.delete("/me/picture").await.is(204);
        assert_eq!(ada.get("/me").await.json()["picture_url"], json!(null));
        app.stranger().get(&url).await.is_problem(404, "not-found");
        app.settle().await;
        assert!(app.stored("curated").is_empty());
        ada.delete("/me/picture").await.is(204);
        app.stranger().delete("/me/picture").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_picture_of_somebody_else_stays() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let (adas, bens) = (sets(&ada).await, sets(&ben).await);
        assert_ne!(adas, bens);
        app.settle().await;
        assert_eq!(app.stored("curated").len(), 2);
        ada.delete("/me/picture").await.is(204);
        app.settle().await;
        app.stranger().get(&bens).await.is(200);
        ben.delete("/me/picture").await.is(204);
        app.settle().await;
        assert!(app.stored("curated").is_empty());
    })
    .await;
}
