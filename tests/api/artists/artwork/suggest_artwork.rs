//! The cover in a track's file stands for the artwork of its release.

use image::ImageFormat;
use serde_json::json;

use super::{sends, url};
use crate::support::picture::picture;
use crate::support::{tone, with_app};

/// A sound behind an ID3v2.4 tag that holds a cover.
fn with_cover(hz: f64, cover: &[u8]) -> Vec<u8> {
    let syncsafe = |length: usize| [21, 14, 7, 0].map(|shift| u8::try_from(length >> shift & 0x7f).expect("7 bits"));
    let content = [&b"\0image/png\0\x03\0"[..], cover].concat();
    let frame = [&b"APIC"[..], &syncsafe(content.len()), &[0, 0], &content].concat();
    [&b"ID3\x04\0\0"[..], &syncsafe(frame.len()), &frame, &tone(hz, 0.5)].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_used_until_the_artist_sets_another_and_does_not_come_back() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let path = format!("/releases/{release}");
        let track = nina.uploads(&release, "a.wav", with_cover(440.0, &picture(300, 300, ImageFormat::Png))).await;
        nina.waits_until_ready(&track).await;
        let suggested = nina.get(&path).await.json()["artwork"].clone();
        assert_eq!((&suggested["width"], &suggested["height"]), (&json!(300), &json!(300)));
        let image = nina.get(&format!("{}?size=256", url(&suggested))).await.is(200).body;
        let image = image::load_from_memory(&image).expect("a picture").into_rgb8();
        assert!(image.get_pixel(9, 9).0[0] > 170 && image.get_pixel(240, 9).0[2] > 170);
        // Another track's cover does not take its place.
        let other = nina.uploads(&release, "b.wav", with_cover(220.0, &picture(200, 200, ImageFormat::Png))).await;
        nina.waits_until_ready(&other).await;
        assert_eq!(nina.get(&path).await.json()["artwork"], suggested);
        // It outlives the track that brought it.
        nina.delete(&format!("/tracks/{track}")).await.is(204);
        app.settle().await;
        nina.get(&url(&suggested)).await.is(200);
        let own = sends(&nina, &format!("{path}/artwork"), picture(90, 90, ImageFormat::Png)).await.is(200).json();
        assert_eq!(own["artwork"]["width"], 90);
        nina.get(&url(&suggested)).await.is_problem(404, "not-found");
        nina.post(&format!("/tracks/{other}/reprocessing"), json!({ "from": "render" })).await.is(202);
        nina.waits_until_ready(&other).await;
        app.settle().await;
        assert_eq!(nina.get(&path).await.json()["artwork"], own["artwork"]);
        nina.delete(&format!("{path}/artwork")).await.is(204);
        nina.post(&format!("/tracks/{other}/reprocessing"), json!({ "from": "render" })).await.is(202);
        app.settle().await;
        assert_eq!(nina.get(&path).await.json()["artwork"], json!(null));
        nina.delete(&path).await.is(204);
        app.settle().await;
        assert!(app.stored("curated").is_empty() && app.stored("raw").is_empty(), "{:?}", app.stored("curated"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_that_is_no_picture_is_passed_over() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let broken = picture(300, 300, ImageFormat::Png)[..200].to_vec();
        for cover in [broken, picture(10, 10, ImageFormat::Png)] {
            let track = nina.uploads(&release, "a.wav", with_cover(440.0, &cover)).await;
            nina.waits_until_ready(&track).await;
        }
        assert_eq!(nina.get(&format!("/releases/{release}")).await.json()["artwork"], json!(null));
    })
    .await;
}
