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

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_track_is_kept_and_can_be_unsaid() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        let path = format!("/tracks/{}", single.track);
        let changes = json!({
            "version": "live in Bergen", "featured_artists": ["Ada", "Ben"], "iswc": "T-034.524.680-1",
            "credits": [{ "role": "lyricist", "name": "Otto" }], "languages": ["nb"], "disc": 2, "explicit": true,
            "preview_start_ms": 999, "composer": "Nina",
            "recording_mbid": "{5B11F4CE-A62D-471E-81FC-A69A8278C7DA}",
            "work_mbid": "musicbrainz.org/work/83d91898-7763-47d7-b03b-b92132375c47",
        });
        let track = nina.patch(&path, changes).await.is(200).json();
        assert_eq!((&track["version"], &track["iswc"]), (&json!("live in Bergen"), &json!("T0345246801")));
        assert_eq!((&track["featured_artists"], &track["disc"]), (&json!(["Ada", "Ben"]), &json!(2)));
        assert_eq!((&track["preview_start_ms"], &track["explicit"]), (&json!(999), &json!(true)));
        assert_eq!((&track["languages"], &track["composer"]), (&json!(["nb"]), &json!("Nina")));
        assert_eq!(track["recording_mbid"], "5b11f4ce-a62d-471e-81fc-a69a8278c7da");
        assert_eq!(track["work_mbid"], "83d91898-7763-47d7-b03b-b92132375c47");
        let unsaid = json!({ "recording_mbid": null, "work_mbid": null, "version": null, "featured_artists": null, "iswc": null, "disc": null, "explicit": null,
            "preview_start_ms": null, "composer": null, "isrc": null, "lyrics": null });
        let track = nina.patch(&path, unsaid).await.is(200).json();
        assert_eq!((&track["version"], &track["featured_artists"]), (&json!(null), &json!([])));
        assert_eq!((&track["explicit"], &track["composer"]), (&json!(false), &json!(null)));
        assert_eq!((&track["recording_mbid"], &track["work_mbid"]), (&json!(null), &json!(null)));
        assert_eq!(track["credits"][0]["name"], "Otto");

        for (field, value) in [
            ("iswc", json!("T-034.524.680-2")),
            ("disc", json!(0)),
            ("disc", json!(100)),
            ("preview_start_ms", json!(1000)),
            ("preview_start_ms", json!(-1)),
            ("featured_artists", json!(vec!["Ada"; 21])),
            ("version", json!("")),
            ("languages", json!(["x-"])),
            ("languages", json!(["qq"])),
            ("recording_mbid", json!("https://musicbrainz.org/work/83d91898-7763-47d7-b03b-b92132375c47")),
            ("work_mbid", json!("00000000-0000-0000-0000-000000000000")),
        ] {
            nina.patch(&path, json!({ "title": "Changed", field: value })).await.is_invalid(field);
        }
        assert_eq!(nina.get(&path).await.json()["title"], "Tides");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_in_time_come_as_lrc() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        let path = format!("/tracks/{}", single.track);
        let text = "[ti:Tides]\n[00:01.50]Low\n[00:00.25]High";
        let track = nina.patch(&path, json!({ "lyrics_lrc": text })).await.is(200).json();
        let lines = json!([{ "at_ms": 250, "text": "High" }, { "at_ms": 1500, "text": "Low" }]);
        assert_eq!(track["lyrics"], json!({ "text": "High\nLow", "lines": lines }));
        let problem = nina.patch(&path, json!({ "lyrics_lrc": "[00:01.50]Low\nHigh" })).await;
        problem.is_invalid("lyrics_lrc");
        assert!(problem.text().contains("Line 2"), "{}", problem.text());
        nina.patch(&path, json!({ "lyrics_lrc": text, "lyrics": { "text": "" } })).await.is_invalid("lyrics_lrc");
        assert_eq!(nina.get(&path).await.json()["lyrics"]["lines"], lines);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_offer_what_others_call_it() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let (recording, work) = ("5b11f4ce-a62d-471e-81fc-a69a8278c7da", "83d91898-7763-47d7-b03b-b92132375c47");
        let frames: [(&[u8; 4], &str); 7] = [
            (b"UFID", &format!("http://musicbrainz.org\0{recording}")),
            (b"TXXX", &format!("MusicBrainz Work Id\0{}", work.to_uppercase())),
            (b"TXXX", "MusicBrainz Album Id\0b11f4ce5-a62d-471e-81fc-a69a8278c7da"),
            (b"TXXX", "MusicBrainz Artist Id\0nonsense"),
            (b"TSRC", "DE-A12-34-56789"),
            (b"TRCK", "3/9"),
            (b"TPOS", "2/2"),
        ];
        let track = nina.uploads(&release, "tides.wav", crate::support::tagged(&frames, &tone(440.0, 0.5))).await;
        let track = nina.waits_until_ready(&track).await;
        let offered = &track["suggestions"];
        assert_eq!((&offered["recording_mbid"], &offered["work_mbid"]), (&json!(recording), &json!(work)));
        assert_eq!(offered["release_mbid"], "b11f4ce5-a62d-471e-81fc-a69a8278c7da");
        assert_eq!((&offered["artist_mbid"], &offered["isrc"]), (&json!(null), &json!("DEA123456789")));
        assert_eq!((&offered["track_number"], &offered["disc_number"]), (&json!(3), &json!(2)));
        // Offered, and said by nobody yet.
        assert_eq!((&track["recording_mbid"], &track["work_mbid"]), (&json!(null), &json!(null)));
    })
    .await;
}
