//! Uploads to a server that keeps its objects in S3.

use reqwest::Method;
use serde_json::json;

use super::unpack::pack;
use super::{begins, metadata, offset, sends, tus};
use crate::support::{App, becomes_true, send, tone, with_s3};

/// Bytes of several parts that are no sound: the store does not mind.
fn noise(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 11) as u8).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_go_to_s3_and_any_process_goes_on() {
    with_s3(async |app, s3| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let bytes = noise(20_000_000);
        let location = begins(&nina, &release, "long.wav", bytes.len()).await;
        // Less than a part, parts and a rest, and in the end nothing that fits.
        let mut at = 0;
        for length in [1_000_000, 9_000_000, 3_000_000, 7_000_000] {
            // What one process took another one goes on with: nothing of it is in memory or on this disk.
            let settings = s3.settings(&s3.authority);
            let settings: Vec<(&'static str, &str)> =
                settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let other = App::start(app.platform.db.url(), &settings).await;
            let person = other.site.holds(nina.token.as_deref().expect("a token"));
            assert_eq!(offset(&person, &location).await, at);
            sends(&person, &location, at, &bytes[at..at + length]).await.is(204);
            at += length;
            other.stop().await;
        }
        let upload = nina.get(&location).await.is(200).json();
        assert_eq!((&upload["offset"], &upload["state"]), (&json!(at), &json!("done")));
        let hash = blake3::hash(&bytes).to_hex();
        let original = nina.waits_for(upload["track_id"].as_str().expect("a track")).await;
        assert_eq!(original["state"], "rejected");
        app.settle().await;
        assert_eq!(blake3::hash(&s3.gives(&format!("quarantine/{}/{hash}", &hash[..2])).await).to_hex(), hash);
        assert_eq!((s3.stored("landing").await.len(), s3.unfinished().await), (0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn small_files_and_parts_of_files_become_tracks() {
    with_s3(async |app, s3| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 0.5);
        let location = begins(&nina, &release, "small.wav", wav.len()).await;
        sends(&nina, &location, 0, &wav[..1000]).await.is(204);
        let answer = sends(&nina, &location, 1000, &wav[1000..]).await.is(204);
        nina.waits_until_ready(answer.header("upload-track")).await;
        // Put together of a part that is in parts itself, and of one that is small.
        let wav = tone(330.0, 55.0);
        let mut parts = Vec::new();
        for bytes in [&wav[..9_000_000], &wav[9_000_000..]] {
            let begin = tus(&nina, Method::POST, "/uploads").header("upload-concat", "partial");
            let part = send(begin.header("upload-length", bytes.len())).await.is(201).header("location").to_owned();
            sends(&nina, &part, 0, bytes).await.is(204);
            parts.push(part);
        }
        let joined = tus(&nina, Method::POST, "/uploads").header("upload-concat", format!("final;{}", parts.join(" ")));
        let answer = send(joined.header("upload-metadata", metadata(&release, "joined.wav"))).await.is(201);
        nina.waits_until_ready(answer.header("upload-track")).await;
        app.settle().await;
        assert_eq!((s3.stored("landing").await.len(), s3.unfinished().await), (0, 0));
        assert_eq!(s3.stored("raw").await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_leaves_nothing_in_s3() {
    with_s3(async |app, s3| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 20_000_000).await;
        sends(&nina, &location, 0, &noise(10_000_000)).await.is(204);
        assert_eq!((s3.stored("landing").await.len(), s3.unfinished().await), (1, 1));
        send(tus(&nina, Method::DELETE, &location)).await.is(204);
        let is_gone = async || (s3.stored("landing").await.len(), s3.unfinished().await) == (0, 0);
        assert!(becomes_true(std::time::Duration::from_secs(5), is_gone).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_an_archive_do_not_end_up_in_one_another() {
    with_s3(async |app, _| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let (long, short) = (tone(440.0, 0.8), tone(550.0, 0.3));
        let archive = pack(&[("1 Ebb.wav", &long), ("2 Flow.wav", &short), ("3 notes.mp3", b"no music")]);
        let location = begins(&nina, &release, "Tides.zip", archive.len()).await;
        sends(&nina, &location, 0, &archive).await.is(204);
        app.settle().await;
        let tracks = nina.get(&format!("/releases/{release}")).await.is(200).json()["tracks"].clone();
        let found = |field: &str| [0, 1, 2].map(|place: usize| tracks[place][field].clone());
        assert_eq!(found("state"), ["ready", "ready", "rejected"].map(|state| json!(state)), "{tracks:#}");
        assert_eq!(found("duration_ms"), [json!(800), json!(300), json!(null)]);
    })
    .await;
}
