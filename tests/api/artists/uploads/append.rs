//! Add bytes to an upload.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::{asks, begins, head_of_piece, offset, piece, sends, tus};
use crate::support::{Raw, becomes_true, send, tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn bytes_come_where_the_upload_stands() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 8).await;
        sends(&nina, &location, 0, b"abcd").await.is(204);
        for elsewhere in [0, 3, 5, 8, 100] {
            sends(&nina, &location, elsewhere, b"efgh").await.is_problem(409, "upload-elsewhere");
        }
        assert_eq!(offset(&nina, &location).await, 4);
        for bad in ["", "-1", "four"] {
            let request = tus(&nina, Method::PATCH, &location).header("upload-offset", bad).body("efgh");
            let request = request.header("content-type", "application/offset+octet-stream");
            send(request).await.is_problem(400, "malformed");
        }
        let request = tus(&nina, Method::PATCH, &location).body("efgh");
        let request = request.header("content-type", "application/offset+octet-stream");
        send(request).await.is_problem(400, "malformed");
        assert_eq!(offset(&nina, &location).await, 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_have_their_type() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 8).await;
        for mime in ["application/octet-stream", "audio/wav", ""] {
            let request = tus(&nina, Method::PATCH, &location).header("upload-offset", 0).header("content-type", mime);
            send(request.body("abcd")).await.is_problem(415, "not-a-piece-of-an-upload");
        }
        assert_eq!(offset(&nina, &location).await, 0);
        let upper = tus(&nina, Method::PATCH, &location).header("content-type", "Application/Offset+Octet-Stream");
        send(upper.header("upload-offset", 0).body("abcd")).await.is(204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_comes_than_was_said() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 8).await;
        sends(&nina, &location, 0, b"abcdefghi").await.is_problem(413, "upload-too-large");
        assert_eq!(offset(&nina, &location).await, 0);
        // Unannounced, what fits is kept, and the upload is not taken for whole.
        let pieces = ["abcd", "efgh", "i"].map(|piece| Ok::<_, std::io::Error>(bytes::Bytes::from(piece)));
        let body = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
        send(piece(&nina, &location, 0, body)).await.is_problem(413, "upload-too-large");
        assert_eq!(nina.get(&format!("/releases/{release}")).await.json()["tracks"], json!([]));
        assert_eq!(offset(&nina, &location).await, 8);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_the_connection_broke_counts() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 20.0);
        let location = begins(&nina, &release, "a.wav", wav.len()).await;
        let mut at = 0;
        for sent in [1, 70_000, 1_500_000] {
            let mut raw = Raw::open(&app.site).await;
            raw.sends(head_of_piece(&nina, app.site.authority(), &location, at, wav.len() - at)).await;
            raw.sends(&wav[at..at + sent]).await;
            // Its bytes have to be read before it ends.
            tokio::time::sleep(Duration::from_millis(300)).await;
            drop(raw);
            let got_on = async || offset(&nina, &location).await == at + sent;
            assert!(becomes_true(Duration::from_secs(10), got_on).await, "{}", offset(&nina, &location).await);
            at += sent;
        }
        let answer = sends(&nina, &location, at, &wav[at..]).await.is(204);
        nina.waits_until_ready(answer.header("upload-track")).await;
        let hash = blake3::hash(&wav).to_hex();
        assert_eq!(app.stored("raw"), [format!("{}/{hash}", &hash[..2])]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_become_a_track_says_why() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Everything").await;
        app.execute(&format!(
            "insert into artists.tracks (id, release_id, title, position, source_key, source_size_bytes, uploaded_by)
             select gen_random_uuid(), '{release}', 'Track ' || n, n, 'raw/00/00', 1, '{}' from generate_series(1, 200) n",
            nina.id
        ))
        .await;
        let wav = tone(440.0, 0.2);
        let location = begins(&nina, &release, "201.wav", wav.len()).await;
        sends(&nina, &location, 0, &wav).await.is_problem(409, "release-full");
        let upload = nina.get(&location).await.is(200).json();
        assert_eq!((&upload["state"], &upload["problem"]["slug"]), (&json!("refused"), &json!("release-full")));
        asks(&nina, &location).await.is(410);
        sends(&nina, &location, wav.len(), b"").await.is_problem(410, "upload-refused");
        app.settle().await;
        assert!(app.stored("raw").is_empty() && app.stored("landing").is_empty());
        // With its release an upload goes as well.
        let other = nina.creates_release("Other").await;
        let location = begins(&nina, &other, "a.wav", wav.len()).await;
        sends(&nina, &location, 0, &wav[..10]).await.is(204);
        nina.delete(&format!("/releases/{other}")).await.is(204);
        sends(&nina, &location, 10, &wav[10..]).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_behind_the_offset_are_forgotten() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 0.5);
        let location = begins(&nina, &release, "a.wav", wav.len()).await;
        sends(&nina, &location, 0, &wav[..1000]).await.is(204);
        // As after a kill between the disk and the row.
        let id = location.rsplit('/').next().expect("an id");
        let file = app.data().join("objects/landing").join(id);
        let mut longer = wav[..1000].to_vec();
        longer.extend(vec![9; 5000]);
        std::fs::write(&file, longer).expect("written");
        assert_eq!(offset(&nina, &location).await, 1000);
        let answer = sends(&nina, &location, 1000, &wav[1000..]).await.is(204);
        nina.waits_until_ready(answer.header("upload-track")).await;
        let hash = blake3::hash(&wav).to_hex();
        assert_eq!(app.stored("raw"), [format!("{}/{hash}", &hash[..2])]);
        // A file that is shorter than what was acknowledged is lost, and not taken for anything else.
        let location = begins(&nina, &release, "b.wav", 8).await;
        sends(&nina, &location, 0, b"abcd").await.is(204);
        let id = location.rsplit('/').next().expect("an id");
        std::fs::write(app.data().join("objects/landing").join(id), "ab").expect("written");
        sends(&nina, &location, 4, b"efgh").await.is_problem(404, "not-found");
    })
    .await;
}
