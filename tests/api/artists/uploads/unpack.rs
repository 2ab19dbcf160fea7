//! An archive of a release.

use std::io::{Cursor, Write};

use image::ImageFormat;
use reqwest::Method;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{begins, sends, tus};
use crate::support::picture::picture;
use crate::support::{App, Person, becomes_true, send, tagged, tone, with_app, with_settings};

pub(super) fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a file");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

/// Uploads an archive and waits for what becomes of it.
async fn unpacked(app: &App, nina: &Person<'_>, release: &str, archive: &[u8]) -> Value {
    let location = begins(nina, release, "Tides.zip", archive.len()).await;
    let answer = sends(nina, &location, 0, archive).await.is(204);
    assert_eq!(answer.header("upload-track"), "");
    let ended = async || nina.get(&location).await.is(200).json()["state"] != "arrived";
    assert!(becomes_true(std::time::Duration::from_secs(60), ended).await);
    app.settle().await;
    // What was unpacked and not kept goes away behind the job.
    assert!(becomes_true(std::time::Duration::from_secs(10), async || app.stored("landing").is_empty()).await);
    nina.get(&location).await.json()
}

async fn titles(person: &Person<'_>, release: &str) -> Vec<Value> {
    let release = person.get(&format!("/releases/{release}")).await.is(200).json();
    release["tracks"].as_array().expect("tracks").iter().map(|track| track["title"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_audio_file_of_an_archive_is_a_track_in_its_order() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let (one, two, ten) = (tone(440.0, 0.3), tone(550.0, 0.3), tone(660.0, 0.3));
        let archive = pack(&[
            ("Tides/10 Slack.wav", &ten),
            ("Tides/cover.jpg", b"a picture"),
            ("Tides/1 Ebb.wav", &one),
            ("__MACOSX/Tides/._1 Ebb.wav", b"nothing"),
            ("Tides/.hidden.wav", b"nothing"),
            ("Tides/2 Flow.WAV", &two),
        ]);
        let upload = unpacked(app, &nina, &release, &archive).await;
        assert_eq!(upload["state"], "done", "{upload:#}");
        assert_eq!(titles(&nina, &release).await, [json!("1 Ebb"), json!("2 Flow"), json!("10 Slack")]);
        let files = upload["files"].as_array().expect("files");
        // What is called a cover and is no picture is told, and keeps nothing out.
        let (pictures, files): (Vec<&Value>, Vec<&Value>) =
            files.iter().partition(|file| file["filename"] == "cover.jpg");
        assert!(pictures.len() == 1 && pictures[0]["problem"].as_str().is_some_and(|text| text.contains("JPEG")));
        assert_eq!(files.len(), 3);
        for file in files {
            let track = nina.get(&format!("/tracks/{}", file["track_id"].as_str().expect("a track"))).await.json();
            assert_eq!((&track["filename"], &track["state"]), (&file["filename"], &json!("ready")));
        }
        assert_eq!(app.stored("raw").len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_dangerous_is_refused_as_a_whole() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 0.2);
        let zeros = vec![0; 4 << 20];
        let names: Vec<String> = (0..1001).map(|number| format!("{number}.wav")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
        let mut link = ZipWriter::new(Cursor::new(Vec::new()));
        link.add_symlink("b.wav", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
        for (archive, slug) in [
            (pack(&[("a.wav", &wav), ("../../evil.wav", &wav)]), "archive_unsafe"),
            (pack(&[("/etc/evil.wav", &wav)]), "archive_unsafe"),
            (link.finish().expect("an archive").into_inner(), "archive_unsafe"),
            (pack(&[("bomb.wav", &zeros)]), "archive_too_large"),
            (pack(&many), "archive_too_many_files"),
            (pack(&[("cover.jpg", b"a picture")]), "archive_unsupported"),
            (b"no archive at all".to_vec(), "archive_damaged"),
        ] {
            let upload = unpacked(app, &nina, &release, &archive).await;
            assert_eq!((&upload["state"], &upload["problem"]["slug"]), (&json!("refused"), &json!(slug)));
        }
        assert!(titles(&nina, &release).await.is_empty());
        assert!(app.stored("raw").is_empty() && app.stored("staging").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_taken_keeps_no_other_out() {
    with_settings(&[("artist_max_tracks", "2")], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let waves: Vec<Vec<u8>> = (0..3).map(|number| tone(400.0 + f64::from(number), 0.2)).collect();
        let mut archive =
            pack(&[("1.wav", &waves[0]), ("2.wav", b"no sound"), ("0.wav", &waves[2]), ("3.wav", &waves[2])]);
        // One is damaged: its checksum is of something else.
        let entry =
            archive.windows(4).enumerate().filter(|(_, four)| *four == b"PK\x01\x02").nth(2).expect("an entry").0;
        archive[entry + 16] ^= 1;
        let upload = unpacked(app, &nina, &release, &archive).await;
        assert_eq!(upload["state"], "done");
        let problems: Vec<bool> =
            upload["files"].as_array().expect("files").iter().map(|file| file["problem"].is_string()).collect();
        assert_eq!(problems, [false, false, true, true]);
        assert_eq!(titles(&nina, &release).await, [json!("1"), json!("2")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_may_be_put_together_of_parts() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let archive = pack(&[("1.wav", &tone(440.0, 0.2)), ("2.wav", &tone(550.0, 0.2))]);
        let mut parts = Vec::new();
        for bytes in archive.chunks(archive.len() / 2 + 1) {
            let begin = tus(&nina, Method::POST, "/uploads").header("upload-concat", "partial");
            let part = send(begin.header("upload-length", bytes.len())).await.is(201).header("location").to_owned();
            sends(&nina, &part, 0, bytes).await.is(204);
            parts.push(part);
        }
        let joined = tus(&nina, Method::POST, "/uploads").header("upload-concat", format!("final;{}", parts.join(" ")));
        send(joined.header("upload-metadata", super::metadata(&release, "Tides.zip"))).await.is(201);
        let whole = async || titles(&nina, &release).await.len() == 2;
        assert!(becomes_true(std::time::Duration::from_secs(30), whole).await);
        app.settle().await;
        assert!(app.stored("landing").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cover_in_an_archive_is_the_releases_where_nothing_was_said() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let wav = tone(440.0, 0.3);
        let (front, large) = (picture(300, 300, ImageFormat::Png), picture(700, 700, ImageFormat::Jpeg));
        let archive = pack(&[
            ("Tides/1 Ebb.wav", &wav),
            ("Tides/front.png", &front),
            ("Tides/Scans/cover.jpg", &large),
            ("__MACOSX/Tides/cover.jpg", b"nothing"),
            ("Tides/back.jpg", &front),
        ]);
        let release = nina.creates_release("Tides").await;
        let path = format!("/releases/{release}");
        let upload = unpacked(app, &nina, &release, &archive).await;
        assert_eq!(upload["files"].as_array().map(Vec::len), Some(1), "{upload:#}");
        let artwork = nina.get(&path).await.json()["artwork"].clone();
        assert_eq!(artwork["width"], 700, "{artwork}");
        // What the artist has said stays: their own picture, or that there is none.
        unpacked(app, &nina, &release, &pack(&[("2 Flow.wav", &wav), ("cover.png", &front)])).await;
        assert_eq!(nina.get(&path).await.json()["artwork"], artwork);
        nina.delete(&format!("{path}/artwork")).await;
        unpacked(app, &nina, &release, &pack(&[("3 Slack.wav", &wav), ("cover.png", &front)])).await;
        assert_eq!(nina.get(&path).await.json()["artwork"], json!(null));
    })
    .await;
}

/// What became of a file of the archive.
fn file<'a>(upload: &'a Value, name: &str) -> &'a Value {
    let files = upload["files"].as_array().expect("files");
    files.iter().find(|file| file["filename"] == name).unwrap_or_else(|| panic!("no {name} in {upload:#}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_in_an_archive_says_what_its_tracks_are_called() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = |hz| tone(hz, 0.3);
        // The table comes first; it knows one by its file, one by its code, one by the title in its tags.
        let table = "\u{feff}filename,isrc,title,composer,disc\n\
            1 Ebb.WAV,,Ebb,Ada,\n\
            ,de-a12-34-56789,Flow,Ben,2\n\
            ,,slack water,Cy,\n\
            nobody.wav,,,,\n\
            1 Ebb.wav,,Twice,,\n";
        let archive = pack(&[
            ("Tides/Table.CSV", table.as_bytes()),
            ("Tides/1 Ebb.wav", &wav(440.0)),
            ("Tides/2.wav", &tagged(&[(b"TSRC", "DEA123456789")], &wav(550.0))),
            ("Tides/3.wav", &tagged(&[(b"TIT2", "Slack  Water")], &wav(660.0))),
            ("__MACOSX/Tides/._Table.CSV", b"nothing"),
        ]);
        let upload = unpacked(app, &nina, &release, &archive).await;
        assert_eq!(upload["state"], "done", "{upload:#}");
        let table = file(&upload, "Table.CSV");
        assert_eq!((&table["track_id"], &table["problem"]), (&json!(null), &json!(null)));
        let report = &table["report"];
        assert_eq!(report["applied"], 3, "{report:#}");
        let left = report["left"].as_array().expect("lines");
        let told: Vec<_> = left.iter().map(|line| (line["line"].clone(), line["fault"].clone())).collect();
        assert_eq!(told, [(json!(5), json!("no_track")), (json!(6), json!("twice"))]);
        assert_eq!(file(&upload, "2.wav")["report"], json!(null));
        assert_eq!(titles(&nina, &release).await, [json!("Ebb"), json!("Flow"), json!("slack water")]);
        let tracks = nina.get(&format!("/releases/{release}")).await.json()["tracks"].clone();
        let composers: Vec<&Value> =
            tracks.as_array().expect("tracks").iter().map(|track| &track["composer"]).collect();
        assert_eq!(composers, [&json!("Ada"), &json!("Ben"), &json!("Cy")]);
        assert_eq!((&tracks[1]["disc"], &tracks[1]["isrc"]), (&json!(2), &json!("DEA123456789")));
        // It is in the history as what its uploader did.
        let history = nina.get(&format!("/releases/{release}/history")).await.json();
        assert_eq!(history["items"].as_array().map(Vec::len), Some(3));
        assert_eq!(history["items"][0]["by"]["handle"], "nina");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_about_the_files_of_its_folder_and_no_other_track() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        nina.uploads(&release, "01.wav", tone(330.0, 0.3)).await;
        let archive = pack(&[
            ("CD 1/01.wav", &tone(440.0, 0.3)),
            ("CD 1/tracks.csv", b"filename,title\n01.wav,Ebb\n"),
            ("CD 2/01.wav", &tone(550.0, 0.3)),
            ("CD 2/tracks.csv", b"filename,title,disc\n01.wav,Flow,2\n"),
        ]);
        unpacked(app, &nina, &release, &archive).await;
        assert_eq!(titles(&nina, &release).await, [json!("01"), json!("Ebb"), json!("Flow")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_table_keeps_no_track_out() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let large = format!("title\n{}", "x\n".repeat(200_000));
        for (table, told) in [
            (&b"filename,artist\n1.wav,Nina\n"[..], "artist: There is no such column"),
            (b"composer\nAda\n", "header: "),
            (b"title\n\xff\n", "UTF-8"),
            (b"filename,title\n1.wav\n", "line 2"),
            (b"", "header: "),
            (large.as_bytes(), "256 KiB"),
        ] {
            let release = nina.creates_release("Tides").await;
            let archive = pack(&[("1.wav", &tone(440.0, 0.2)), ("tracks.csv", table)]);
            let upload = unpacked(app, &nina, &release, &archive).await;
            let problem = file(&upload, "tracks.csv")["problem"].as_str().expect("a problem").to_owned();
            assert!(problem.contains(told), "{problem}");
            assert_eq!((&upload["state"], titles(&nina, &release).await), (&json!("done"), vec![json!("1")]));
        }
        // A value that cannot be is of its line alone.
        let release = nina.creates_release("Tides").await;
        let table = b"filename,title,isrc\n1.wav,One,nonsense\n2.wav,Two,\n";
        let archive = pack(&[("1.wav", &tone(440.0, 0.2)), ("2.wav", &tone(550.0, 0.2)), ("tracks.csv", table)]);
        let upload = unpacked(app, &nina, &release, &archive).await;
        assert_eq!(file(&upload, "tracks.csv")["report"]["left"][0]["fault"], "value");
        assert_eq!(titles(&nina, &release).await, [json!("1"), json!("Two")]);
    })
    .await;
}
