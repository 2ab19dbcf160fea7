//! Several requests for one upload, and several uploads at once.

use std::time::Duration;

use super::{begins, head_of_piece, offset, sends};
use crate::support::{Raw, becomes_true, tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn one_request_at_a_time_adds_to_an_upload() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 4_000_000).await;
        let mut raw = Raw::open(&app.site).await;
        raw.sends(head_of_piece(&nina, app.site.authority(), &location, 0, 4_000_000)).await;
        raw.sends([7; 1000]).await;
        assert!(becomes_true(Duration::from_secs(20), async || !app.stored("landing").is_empty()).await);
        // As long as bytes come, nobody else gets in; what they bring does not count.
        let mut sent = 1000;
        let other = sends(&nina, &location, 0, b"other");
        tokio::pin!(other);
        let answer = loop {
            tokio::select! {
                answer = &mut other => break answer,
                () = tokio::time::sleep(Duration::from_millis(100)) => {
                    raw.sends([7; 200]).await;
                    sent += 200;
                }
            }
        };
        answer.is_problem(423, "upload-busy");
        // A client that is silent gives way.
        let at = offset(&nina, &location).await;
        let answer = sends(&nina, &location, sent, b"next").await;
        assert!(at <= sent);
        assert_eq!(answer.is(204).header("upload-offset"), (sent + 4).to_string());
        let heard = raw.reads().await;
        assert!(heard.starts_with("HTTP/1.1 423 "), "{heard}");
        assert_eq!(offset(&nina, &location).await, sent + 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twins_one_counts() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 0.5);
        let location = begins(&nina, &release, "a.wav", wav.len()).await;
        let half = wav.len() / 2;
        let twins = futures_util::future::join_all((0..4).map(|_| sends(&nina, &location, 0, &wav[..half]))).await;
        let statuses: Vec<u16> = twins.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [204, 409, 423].contains(status)), "{statuses:?}");
        let twins = futures_util::future::join_all((0..4).map(|_| sends(&nina, &location, half, &wav[half..]))).await;
        assert_eq!(twins.iter().filter(|answer| answer.status == 204).count(), 1);
        let track = nina.get(&location).await.json()["track_id"].as_str().expect("a track").to_owned();
        nina.waits_until_ready(&track).await;
        assert_eq!(nina.get(&format!("/releases/{release}")).await.json()["tracks"].as_array().map(Vec::len), Some(1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_can_be_given_up_while_bytes_come() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 4_000_000).await;
        let mut raw = Raw::open(&app.site).await;
        raw.sends(head_of_piece(&nina, app.site.authority(), &location, 0, 4_000_000)).await;
        raw.sends([7; 1000]).await;
        assert!(becomes_true(Duration::from_secs(5), async || !app.stored("landing").is_empty()).await);
        crate::support::send(super::tus(&nina, reqwest::Method::DELETE, &location)).await.is(204);
        assert!(raw.reads().await.starts_with("HTTP/1.1 423 "));
        assert!(app.stored("landing").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_uploads_go_side_by_side() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let uploads = (0..32_u32).map(async |number| {
            let wav = tone(200.0 + f64::from(number), 0.2);
            let location = begins(&nina, &release, &format!("{number:02}.wav"), wav.len()).await;
            let mut at = 0;
            for piece in wav.chunks(10_000) {
                sends(&nina, &location, at, piece).await.is(204);
                at += piece.len();
            }
        });
        futures_util::future::join_all(uploads).await;
        app.settle().await;
        let tracks = nina.get(&format!("/releases/{release}")).await.json()["tracks"].clone();
        assert_eq!(tracks.as_array().map(Vec::len), Some(32));
        assert!(app.stored("landing").is_empty());
        assert_eq!(app.stored("raw").len(), 32);
    })
    .await;
}
