//! Another file for a track.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{Answer, Person, Raw, becomes_true, send, tone, with_app, with_settings};

async fn tries_to_replace(person: &Person<'_>, track: &str, filename: &str, bytes: Vec<u8>) -> Answer {
    let form = Form::new().part("file", Part::bytes(bytes).file_name(filename.to_owned()));
    send(person.request(Method::PUT, &format!("/tracks/{track}/audio")).multipart(form)).await
}

/// The track once its chain has ended.
async fn ended(person: &Person<'_>, track: &str) -> Value {
    let path = format!("/tracks/{track}");
    let ended = async || person.get(&path).await.is(200).json()["under_way"] == false;
    assert!(becomes_true(std::time::Duration::from_secs(60), ended).await);
    person.get(&path).await.json()
}

fn key(wav: &[u8]) -> String {
    let hash = blake3::hash(wav).to_hex();
    format!("{}/{hash}", &hash[..2])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_keeps_all_but_its_sound() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let before = nina.get(&format!("/tracks/{}", single.track)).await.json();
        let play = nina.plays(&single.track).await;
        let louder = tone(880.0, 2.0);
        let answer = tries_to_replace(&nina, &single.track, "tides (remix).wav", louder.clone()).await.is(202).json();
        // Until the new file is ready everybody hears the old one.
        assert_eq!((&answer["state"], &answer["under_way"]), (&json!("ready"), &json!(true)));
        assert_eq!((&answer["duration_ms"], &answer["filename"]), (&before["duration_ms"], &before["filename"]));
        let after = ended(&nina, &single.track).await;
        for same in ["id", "title", "position", "created_at"] {
            assert_eq!(after[same], before[same], "{same}");
        }
        assert_eq!((&after["duration_ms"], &after["filename"]), (&json!(2000), &json!("tides (remix).wav")));
        assert_eq!(after["state"], "ready");
        // Who pressed play before hears that to its end; who does now hears the new one.
        let old = nina.get(play["stream"]["url"].as_str().expect("a url")).await.is(200).body;
        let new = nina.plays(&single.track).await;
        let new = nina.get(new["stream"]["url"].as_str().expect("a url")).await.is(200).body;
        assert_ne!(old, new);
        app.settle().await;
        assert_eq!((app.stored("raw"), app.stored("archive")), (vec![key(&louder)], vec![key(&tone(440.0, 1.0))]));
        assert_eq!(nina.get(&format!("/releases/{}", single.release)).await.json()["state"], "published");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_rejected_changes_nothing() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = format!("/tracks/{}", single.track);
        let before = nina.get(&path).await.json();
        let (raw, curated) = (app.stored("raw"), app.stored("curated"));
        // One that is none at once, and one whose sound breaks off later.
        let mut cut = tone(440.0, 3.0);
        cut.truncate(40);
        for bad in [b"no sound at all".to_vec(), cut] {
            tries_to_replace(&nina, &single.track, "bad.wav", bad).await.is(202);
            let after = ended(&nina, &single.track).await;
            for same in ["state", "filename", "duration_ms", "analysis", "renditions", "suggestions", "problem"] {
                assert_eq!(after[same], before[same], "{same}");
            }
            let failed = after["stages"].as_array().expect("stages").iter().any(|stage| stage["state"] == "failed");
            assert!(failed, "{after:#}");
            app.settle().await;
            assert_eq!((app.stored("raw"), app.stored("curated")), (raw.clone(), curated.clone()));
        }
        assert!(app.lines("select track_id::text as line from artists.replacements").await.is_empty());
        // What it has can be processed once more.
        nina.post(&format!("{path}/reprocessing"), json!({ "from": "probe" })).await.is(202);
        let after = ended(&nina, &single.track).await;
        assert!(after["stages"].as_array().expect("stages").iter().all(|stage| stage["state"] == "done"), "{after:#}");
        assert_eq!(after["duration_ms"], before["duration_ms"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_track_gets_a_better_file() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "bad.wav", b"no sound at all".to_vec()).await;
        assert_eq!(nina.waits_for(&track).await["state"], "rejected");
        app.settle().await;
        let wav = tone(440.0, 1.0);
        let answer = tries_to_replace(&nina, &track, "good.wav", wav.clone()).await.is(202).json();
        assert_eq!((&answer["state"], &answer["problem"]), (&json!("processing"), &json!(null)));
        nina.waits_until_ready(&track).await;
        app.settle().await;
        assert_eq!((app.stored("raw"), app.stored("quarantine")), (vec![key(&wav)], vec![]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_at_a_time_and_by_those_who_may() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let ada = app.artist("ada").await;
        let single = nina.publishes_a_single("Tides").await;
        tries_to_replace(&ada, &single.track, "a.wav", tone(440.0, 0.2)).await.is_problem(404, "not-found");
        tries_to_replace(&app.stranger(), &single.track, "a.wav", tone(440.0, 0.2)).await.is(401);
        let path = format!("/tracks/{}/audio", single.track);
        send(nina.request(Method::PUT, &path).body("RIFF")).await.is_problem(415, "not-a-multipart-upload");
        let form = || Form::new().part("file", Part::bytes(tone(660.0, 0.3)).file_name("a.wav"));
        let stale = nina.request(Method::PUT, &path).header("if-match", "\"stale\"").multipart(form());
        send(stale).await.is_problem(412, "changed-meanwhile");
        // A chain is under way, and is stopped: the track stays as it was.
        let before = nina.get(&format!("/tracks/{}", single.track)).await.json();
        tries_to_replace(&nina, &single.track, "long.wav", tone(660.0, 60.0)).await.is(202);
        tries_to_replace(&nina, &single.track, "b.wav", tone(550.0, 0.2))
            .await
            .is_problem(409, "track-still-processing");
        nina.delete(&format!("/tracks/{}/reprocessing", single.track)).await.is(204);
        app.settle().await;
        let after = nina.get(&format!("/tracks/{}", single.track)).await.json();
        for same in ["state", "filename", "duration_ms", "renditions"] {
            assert_eq!(after[same], before[same], "{same}");
        }
        assert_eq!(app.stored("raw").len(), 1);
        // Deleted in the middle, nothing of either file stays.
        tries_to_replace(&nina, &single.track, "long.wav", tone(660.0, 60.0)).await.is(202);
        nina.delete(&format!("/tracks/{}", single.track)).await.is(204);
        app.settle().await;
        assert!(app.stored("raw").is_empty() && app.stored("curated").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_again_is_no_other() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        tries_to_replace(&nina, &single.track, "Tides.wav", tone(440.0, 1.0)).await.is(202);
        let after = ended(&nina, &single.track).await;
        assert_eq!((&after["state"], after["renditions"].as_array().map(Vec::len)), (&json!("ready"), Some(6)));
        app.settle().await;
        assert_eq!((app.stored("raw").len(), app.stored("archive").len()), (1, 0));
        assert!(app.lines("select track_id::text as line from artists.replacements").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_file_may_come_in_pieces() {
    with_app(async |app| {
        use base64::Engine;
        let nina = app.artist("nina").await;
        let ada = app.artist("ada").await;
        let single = nina.publishes_a_single("Tides").await;
        let wav = tone(880.0, 2.0);
        let track = base64::engine::general_purpose::STANDARD.encode(&single.track);
        let begin = |person: &Person<'_>| {
            let request = super::uploads::tus(person, Method::POST, "/uploads").header("upload-length", wav.len());
            request.header("upload-metadata", format!("filename bmV3Lndhdg==,track_id {track}"))
        };
        send(begin(&ada)).await.is_problem(404, "not-found");
        let location = send(begin(&nina)).await.is(201).header("location").to_owned();
        let piece = super::uploads::tus(&nina, Method::PATCH, &location).header("upload-offset", 0);
        let piece = piece.header("content-type", "application/offset+octet-stream").body(wav);
        assert_eq!(send(piece).await.is(204).header("upload-track"), single.track);
        let after = ended(&nina, &single.track).await;
        assert_eq!((&after["duration_ms"], &after["filename"]), (&json!(2000), &json!("new.wav")));
        assert_eq!(
            nina.get(&format!("/releases/{}", single.release)).await.json()["tracks"].as_array().map(Vec::len),
            Some(1)
        );
        app.settle().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sends_slowly_holds_nobody_up() {
    with_settings(&[("database_connections", "4")], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let mut slow = Vec::new();
        for _ in 0..12 {
            let mut raw = Raw::open(&app.site).await;
            let head = format!(
                "PUT /api/v1/tracks/{}/audio HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
                 Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\n",
                single.track,
                app.site.authority(),
                nina.token.as_deref().unwrap_or_default()
            );
            raw.sends(head).await;
            slow.push(raw);
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        for _ in 0..5 {
            nina.get("/me").await.is(200);
        }
        drop(slow);
    })
    .await;
}

async fn hands_over(person: &Person<'_>, from: &str, to: &str) -> Answer {
    person.post(&format!("/tracks/{from}/handover"), json!({ "to": to })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_came_as_a_track_of_its_own_goes_to_the_one_that_it_was_meant_for() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = format!("/tracks/{}", single.track);
        nina.patch(&path, json!({ "composer": "Nina" })).await.is(200);
        let before = nina.get(&path).await.json();
        let louder = tone(880.0, 2.0);
        let new = nina.uploads(&single.release, "Tides (final).wav", louder.clone()).await;
        nina.waits_until_ready(&new).await;
        let answer = hands_over(&nina, &new, &single.track).await.is(202).json();
        assert_eq!((&answer["id"], &answer["under_way"]), (&json!(single.track), &json!(true)));
        nina.get(&format!("/tracks/{new}")).await.is_problem(404, "not-found");
        let after = ended(&nina, &single.track).await;
        for same in ["id", "title", "position", "composer", "created_at"] {
            assert_eq!(after[same], before[same], "{same}");
        }
        assert_eq!((&after["duration_ms"], &after["filename"]), (&json!(2000), &json!("Tides (final).wav")));
        app.settle().await;
        // Nothing of it is lost, nothing is left over.
        assert_eq!((app.stored("raw"), app.stored("archive")), (vec![key(&louder)], vec![key(&tone(440.0, 1.0))]));
        let release = app.stranger().get(&format!("/releases/{}", single.release)).await.is(200).json();
        assert_eq!(release["tracks"].as_array().map(Vec::len), Some(1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_only_to_a_track_beside_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        let release = nina.creates_release("Tides").await;
        let (one, two) = (
            nina.uploads(&release, "1.wav", tone(440.0, 0.3)).await,
            nina.uploads(&release, "2.wav", tone(550.0, 0.3)).await,
        );
        for track in [&one, &two] {
            nina.waits_until_ready(track).await;
        }
        let other = nina.drafts_a_single("Winds").await;
        let foreign = ada.drafts_a_single("Dew").await;
        for to in [&one, &other.track, &foreign.track, &uuid::Uuid::now_v7().to_string()] {
            hands_over(&nina, &one, to).await.is_invalid("to");
        }
        hands_over(&ada, &one, &two).await.is_problem(404, "not-found");
        hands_over(&app.stranger(), &one, &two).await.is_problem(401, "unauthenticated");
        nina.post(&format!("/tracks/{one}/handover"), json!({})).await.is(422);
        // What cannot be used is no other track's audio.
        let bad = nina.uploads(&release, "3.wav", b"no sound".to_vec()).await;
        assert_eq!(nina.waits_for(&bad).await["state"], "rejected");
        hands_over(&nina, &bad, &one).await.is_problem(409, "nothing-to-hand-over");
        // A track that somebody has changed meanwhile stays, and so does the other.
        let stale = nina.request(Method::POST, &format!("/tracks/{two}/handover")).header("if-match", "\"stale\"");
        send(stale.json(&json!({ "to": one }))).await.is_problem(412, "changed-meanwhile");
        assert_eq!(nina.get(&format!("/tracks/{two}")).await.is(200).json()["filename"], "2.wav");
        // One that was rejected gets a file that can be used.
        hands_over(&nina, &two, &bad).await.is(202);
        let after = nina.waits_until_ready(&bad).await;
        assert_eq!((&after["filename"], &after["title"]), (&json!("2.wav"), &json!("3")));
        app.settle().await;
        assert_eq!(nina.get(&format!("/releases/{release}")).await.json()["tracks"].as_array().map(Vec::len), Some(2));
    })
    .await;
}
