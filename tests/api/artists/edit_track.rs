//! Edit a track.

use serde_json::json;

use crate::support::{Person, tone, with_app};

/// The titles of a release's tracks in order; fails when a place is empty.
async fn titles(person: &Person<'_>, release: &str) -> String {
    let release = person.get(&format!("/releases/{release}")).await.is(200).json();
    let tracks = release["tracks"].as_array().expect("tracks");
    assert!(tracks.iter().zip(1..).all(|(track, place)| track["position"] == place), "{release:#}");
    tracks.iter().filter_map(|track| track["title"].as_str()).collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_moves_and_the_others_make_room() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut tracks = Vec::new();
        for name in ["a", "b", "c", "d"] {
            tracks.push(nina.uploads(&release, &format!("{name}.wav"), tone(440.0, 0.2)).await);
        }
        let moves = async |track: usize, position: i32| {
            let path = format!("/tracks/{}", tracks[track]);
            nina.patch(&path, json!({ "position": position })).await.is(200);
            titles(&nina, &release).await
        };
        assert_eq!(moves(3, 1).await, "d a b c");
        assert_eq!(moves(3, 4).await, "a b c d");
        assert_eq!(moves(0, 2).await, "b a c d");
        assert_eq!(moves(1, 99).await, "a c d b");
        assert_eq!(moves(1, 4).await, "a c d b");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_moves_at_once_leave_every_track_in_one_place() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut tracks = Vec::new();
        for name in ["a", "b", "c", "d"] {
            tracks.push(nina.uploads(&release, &format!("{name}.wav"), tone(440.0, 0.2)).await);
        }
        let moves = (0..12).map(async |number: usize| {
            let path = format!("/tracks/{}", tracks[number % 4]);
            nina.patch(&path, json!({ "position": number % 5 + 1 })).await.is(200);
        });
        futures_util::future::join_all(moves).await;
        let mut names: Vec<char> = titles(&nina, &release).await.chars().filter(|letter| *letter != ' ').collect();
        names.sort_unstable();
        assert_eq!(names, ['a', 'b', 'c', 'd']);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_gets_another_title() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let path = format!("/tracks/{}", nina.uploads(&release, "01_take-3.wav", tone(440.0, 0.2)).await);
        assert_eq!(nina.get(&path).await.json()["title"], "01 take-3");
        assert_eq!(nina.patch(&path, json!({ "title": " Ebb " })).await.is(200).json()["title"], "Ebb");
        nina.patch(&path, json!({ "title": "" })).await.is_invalid("title");
        nina.patch(&path, json!({ "position": 0 })).await.is_invalid("position");
        nina.patch(&path, json!({ "position": "first" })).await.is_invalid("position");
        nina.patch(&path, json!({ "state": "ready" })).await.is_invalid("state");
        assert_eq!(nina.get(&path).await.json()["title"], "Ebb");
    })
    .await;
}

/// A sound behind an ID3v2.4 tag.
fn tagged(frames: &[(&str, &[u8])]) -> Vec<u8> {
    let syncsafe = |length: usize| [21, 14, 7, 0].map(|shift| (length >> shift & 0x7f) as u8);
    let frame = |(id, content): &(&str, &[u8])| [id.as_bytes(), &syncsafe(content.len()), &[0, 0], content].concat();
    let body: Vec<u8> = frames.iter().flat_map(frame).collect();
    [b"ID3\x04\0\0".as_slice(), &syncsafe(body.len()), &body, &tone(440.0, 0.5)].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_tags_say_stands_until_the_artist_says_otherwise() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let picture = [b"\xff\xd8\xff\xe0".as_slice(), &[7; 100_000]].concat();
        let cover = [b"\0image/png\0\x03\0".as_slice(), &picture].concat();
        let source = tagged(&[
            ("TCOM", b"\x03N. Ina <script>"),
            ("TSRC", b"\x03US-RC1-76-07839"),
            ("TPE2", b"\x03The Tides"),
            ("USLT", b"\x03eng\0[00:01.50]One\n[00:02.25]two"),
            ("TXXX", b"\x03REPLAYGAIN_TRACK_GAIN\0-7.25 dB"),
            ("APIC", &cover),
        ]);
        let id = nina.uploads(&release, "a.wav", source).await;
        nina.waits_until_ready(&id).await;
        let path = format!("/tracks/{id}");
        let track = nina.get(&path).await.is(200).json();
        let lines = json!([{ "at_ms": 1500, "text": "One" }, { "at_ms": 2250, "text": "two" }]);
        assert_eq!((&track["composer"], &track["isrc"]), (&json!("N. Ina <script>"), &json!("USRC17607839")));
        assert_eq!(track["lyrics"], json!({ "text": "One\ntwo", "lines": lines }));
        let suggestions = &track["suggestions"];
        assert_eq!(suggestions["album_artist"], "The Tides");
        assert_eq!(suggestions["replay_gain"]["track_gain_db"], -7.25);
        // By its bytes, whatever the tag says; and kept as it came.
        assert_eq!(suggestions["cover_type"], "image/jpeg");
        let curated = app.data().join("objects").join("curated");
        let is_kept = |file: &String| std::fs::read(curated.join(file)).is_ok_and(|bytes| bytes == picture);
        assert!(app.stored("curated").iter().any(is_kept));

        nina.publishes(&release).await;
        let seen = app.stranger().get(&path).await.is(200).json();
        assert_eq!((&seen["isrc"], &seen["suggestions"]), (&json!("USRC17607839"), &json!(null)));

        let changes = json!({ "composer": "Otto", "isrc": "", "lyrics": { "text": "Three" } });
        let changed = nina.patch(&path, changes).await.is(200).json();
        assert_eq!((&changed["composer"], &changed["isrc"]), (&json!("Otto"), &json!(null)));
        assert_eq!(changed["lyrics"], json!({ "text": "Three", "lines": [] }));
        let cleared = nina.patch(&path, json!({ "composer": " ", "lyrics": { "text": "" } })).await.is(200).json();
        assert_eq!((&cleared["composer"], &cleared["lyrics"]), (&json!(null), &json!(null)));
        nina.patch(&path, json!({ "isrc": "12" })).await.is_invalid("isrc");
        nina.patch(&path, json!({ "composer": "x".repeat(201) })).await.is_invalid("composer");
        nina.patch(&path, json!({ "lyrics": { "text": "x".repeat(20_001) } })).await.is_invalid("lyrics");

        nina.delete(&format!("/releases/{release}")).await.is(204);
        app.settle().await;
        assert!(app.stored("curated").is_empty(), "{:?}", app.stored("curated"));
    })
    .await;
}
