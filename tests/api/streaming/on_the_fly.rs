//! Streams that are encoded while they are listened to.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{App, Person, Raw, ffmpeg_frames, tone, with_app, with_settings};

/// Where a track of so many seconds is streamed from, up to the rung.
async fn folder(nina: &Person<'_>, seconds: f64) -> String {
    let release = nina.creates_release("Tides").await;
    let track = nina.uploads(&release, "tides.wav", tone(440.0, seconds)).await;
    nina.waits_until_ready(&track).await;
    folder_of(&nina.plays(&track).await)
}

fn folder_of(play: &Value) -> String {
    let url = play["stream"]["url"].as_str().expect("a stream");
    format!("{}/on-the-fly", url.rsplit_once('/').expect("a rendition").0)
}

/// A start that no other test asks for.
const ITS_START: &str = "\"start_ms\":1357";

/// Processes of this test that encode.
fn children() -> usize {
    let lists = std::fs::read_dir("/proc").expect("Linux").flatten();
    let commands = lists.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    let parent = format!("\"parent\":{},", std::process::id());
    let is_ours = |command: &[u8]| {
        let command = String::from_utf8_lossy(command);
        command.contains(&parent) && command.contains(ITS_START)
    };
    commands.filter(|command| command.starts_with(b"legato\0sandbox\0stream\0") && is_ours(command)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_rung_comes_from_any_position() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let folder = folder(&nina, 8.0).await;
        for (rung, mime, seconds) in [
            ("opus_96?start_ms=5500", "audio/ogg; codecs=opus", 2.5),
            ("opus_24", "audio/ogg; codecs=opus", 8.0),
            ("opus_96?start_ms=4321&form=segments", "audio/mp4; codecs=opus", 3.679),
            ("flac?start_ms=7001", "audio/flac", 0.999),
            ("flac_16?form=segments&start_ms=2000", "audio/mp4; codecs=flac", 6.0),
        ] {
            let answer = app.stranger().get(&format!("{folder}/{rung}")).await.is(200);
            assert_eq!(answer.header("content-type"), mime, "{rung}");
            assert_eq!((answer.header("accept-ranges"), answer.header("cache-control")), ("none", "private, no-store"));
            let Some(frames) = ffmpeg_frames(&answer.body) else { continue };
            let expected = (seconds * 48_000.0) as u64;
            // ffmpeg plays the last packet of a CMAF stream whole.
            assert!(frames.abs_diff(expected) <= 960, "{rung}: {frames} frames for {expected}");
        }
        let mp3 = app.stranger().get(&format!("{folder}/mp3_320?start_ms=6000")).await.is(200);
        assert_eq!(mp3.header("content-type"), "audio/mpeg");
        if let Some(frames) = ffmpeg_frames(&mp3.body) {
            // How far its last frames are filled up, its header could not know.
            assert!((96_000..96_000 + 3_000).contains(&frames), "{frames}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_streamed_is_told_by_its_field() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let folder = folder(&nina, 1.0).await;
        let get = async |rung: &str| app.stranger().get(&format!("{folder}/{rung}")).await;
        for (rung, field) in [("opus_96?start_ms=1000", "start_ms"), ("mp3_v0?form=segments", "form")] {
            let answer = get(rung).await.is(422).json();
            assert_eq!(answer["field"], field, "{answer}");
        }
        for unknown in ["opus_96?start_ms=-1", "opus_96?start=1", "opus_96?form=wav", "opus_96?start_ms=x"] {
            let status = get(unknown).await.status;
            assert!(status == 422 || status == 400, "{unknown}: {status}");
        }
        for nothing in ["opus_8", "aac_128", "opus_96%00", ".."] {
            get(nothing).await.is(404);
        }
        let forged = folder.replace("/audio/", "/audio/A");
        app.stranger().get(&format!("{forged}/opus_96")).await.is_problem(404, "not-found");
    })
    .await;
}

async fn begin(app: &App, url: &str) -> Raw {
    let mut listener = Raw::open_narrow(&app.site).await;
    listener.sends(format!("GET {url} HTTP/1.1\r\nHost: {}\r\n\r\n", app.site.authority())).await;
    listener.reads_some(20_000).await;
    listener
}

async fn until_gone(what: &str) {
    let left = Instant::now();
    while children() > 0 {
        assert!(left.elapsed() < Duration::from_secs(1), "a child outlives {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_ends_with_its_listener_and_with_what_it_was_granted_for() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "tides.wav", tone(440.0, 300.0)).await;
        nina.waits_until_ready(&track).await;
        nina.publishes(&release).await;
        let play = nina.plays(&track).await;
        let url = format!("{}/flac?start_ms=1357", folder_of(&play));

        // It waits while nobody reads: five minutes would be encoded in a second.
        let mut listeners = vec![begin(app, &url).await];
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(children() >= 1, "a child waits for its listener");

        // More than one ear is not for one listener.
        listeners.push(begin(app, &url).await);
        listeners.push(begin(app, &url).await);
        let refused = nina.get(&url).await;
        refused.is_problem(429, "too-many-requests");
        assert_eq!(refused.header("retry-after"), "1");
        drop(listeners);
        until_gone("its listener").await;

        // Who has no account shares with others at the same address, and not with who has one.
        let play = app.stranger().plays(&track).await;
        let others = format!("{}/flac?start_ms=1357", folder_of(&play));
        let mut listeners = Vec::new();
        for _ in 0..6 {
            listeners.push(begin(app, &others).await);
        }
        app.stranger().get(&others).await.is_problem(429, "too-many-requests");
        listeners.push(begin(app, &url).await);
        drop(listeners);
        until_gone("its listeners").await;
        let listener = begin(app, &url).await;

        nina.delete("/session").await.is(204);
        listener.reads_to_the_end().await;
        until_gone("the session").await;
        app.stranger().get(&url).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_who_hold_many_places_leave_one_to_whoever_has_none() {
    with_settings(&[("live_encodings", "4")], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "tides.wav", tone(440.0, 300.0)).await;
        nina.waits_until_ready(&track).await;
        nina.publishes(&release).await;
        let url_of = async |person: &Person<'_>| format!("{}/flac", folder_of(&person.plays(&track).await));
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let (of_nina, of_ada, of_ben) = (url_of(&nina).await, url_of(&ada).await, url_of(&ben).await);
        let mut held = vec![begin(app, &of_nina).await, begin(app, &of_nina).await];
        // A third place is for when half of all are free: it is waited for, and then refused.
        let asked = Instant::now();
        let refused = app.stranger().get(&of_nina).await;
        refused.is_problem(503, "unavailable");
        assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
        assert!(asked.elapsed() >= Duration::from_secs(4), "a little is waited");
        held.push(begin(app, &of_ada).await);
        held.push(begin(app, &of_ben).await);
        // Nobody's is free; the next one that is goes to who has none, and not to who came before.
        let eve = app.listener("eve").await;
        let of_eve = url_of(&eve).await;
        let again = tokio::time::timeout(Duration::from_secs(3), begin(app, &of_nina));
        let soon = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let freed = async {
                tokio::time::sleep(Duration::from_millis(300)).await;
                drop(held.pop());
            };
            let (stream, ()) = tokio::join!(tokio::time::timeout(Duration::from_secs(4), begin(app, &of_eve)), freed);
            stream.is_ok()
        };
        let (again, soon) = tokio::join!(again, soon);
        assert!(soon && again.is_err(), "eve's turn");
    })
    .await;
}
