//! Count how many releases there are of each genre.

use std::time::Duration;

use super::puts_out;
use crate::support::{App, becomes_true, with_app};

async fn counted(app: &App, genres: &[&str]) -> bool {
    let list = app.stranger().get("/genres?limit=200").await.is(200).json();
    list["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|genre| format!("{} {}", genre["name"].as_str().unwrap_or(""), genre["release_count"]))
        .eq(genres.iter().map(|genre| (*genre).to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn genres_come_grow_and_go() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let soon = Duration::from_secs(25);
        let first = puts_out(&nina, "One", &["jazz", "soul"], "2000").await;
        puts_out(&nina, "Two", &["Jazz", "blues"], "2000").await;
        assert!(becomes_true(soon, async || counted(app, &["jazz 2", "blues 1", "soul 1"]).await).await);
        nina.delete(&format!("/releases/{first}/publication")).await;
        assert!(becomes_true(soon, async || counted(app, &["blues 1", "jazz 1"]).await).await);
    })
    .await;
}
