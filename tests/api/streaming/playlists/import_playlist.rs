//! Make a playlist of a file that another program wrote.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{adds, makes, titles};
use crate::support::{Answer, Person, send, with_app};

const MBID: &str = "5b11f4ce-a62d-471e-81fc-a69a8278c7da";

async fn imports(person: &Person<'_>, query: &str, file: impl Into<Vec<u8>>) -> Answer {
    let part = Part::bytes(file.into()).file_name("list");
    send(person.request(Method::POST, &format!("/playlists/import{query}")).multipart(Form::new().part("file", part)))
        .await
}

/// By what each line of a report was found.
fn found_by(report: &Value) -> Vec<Option<&str>> {
    report["lines"].as_array().expect("lines").iter().map(|line| line["matched_by"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_is_known_by_its_address_its_codes_or_its_names() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (tides, ebb) = (nina.publishes_a_single("Tides").await, nina.publishes_a_single("Ebb").await);
        let codes = json!({ "isrc": "USRC17607839", "recording_mbid": MBID });
        nina.patch(&format!("/tracks/{}", ebb.track), codes).await.is(200);
        let list = json!({ "playlist": { "title": "From\u{0} elsewhere", "annotation": "Found", "track": [
            { "location": format!("https://music.example/tracks/{}", tides.track), "title": "Something else" },
            { "identifier": "urn:isrc:us-rc1-76-07839", "title": "x", "creator": "y" },
            { "identifier": [format!("https://musicbrainz.org/recording/{MBID}")] },
            { "title": " tides ", "creator": "NINA" },
            { "title": "Tides", "creator": "nina", "duration": 3900 },
            { "title": "Tides", "creator": "nina", "duration": 4100 },
            { "title": "Tides" },
            { "location": "file:///music/nina%20-%20Ebb.mp3" },
            { "title": "Nothing", "creator": "Nobody" },
        ] } });
        let report = imports(&ada, "", list.to_string()).await.is(201).json();
        let found = found_by(&report);
        let (id, names) = (Some("id"), Some("names"));
        assert_eq!(found, [id, Some("isrc"), Some("recording_mbid"), names, names, None, None, names, None]);
        assert_eq!((&report["found"], &report["not_found"]), (&json!(6), &json!(3)));
        assert_eq!(report["lines"][8]["name"], "Nobody - Nothing");
        let playlist = &report["playlist"];
        assert_eq!((&playlist["title"], &playlist["description"]), (&json!("From elsewhere"), &json!("Found")));
        assert_eq!((&playlist["visibility"], &playlist["entry_count"]), (&json!("private"), &json!(6)));
        let path = format!("/playlists/{}", playlist["id"].as_str().expect("an id"));
        assert_eq!(titles(&ada, &path).await, ["Tides", "Ebb", "Ebb", "Tides", "Tides", "Ebb"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_not_hear_or_look_for_is_not_found() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (draft, hidden) = (nina.drafts_a_single("Draft").await, nina.drafts_a_single("Hidden").await);
        let unlisted = json!({ "visibility": "unlisted" });
        nina.put(&format!("/releases/{}/publication", hidden.release), unlisted).await.is(200);
        let table = format!(
            "title,artist,track_id\nDraft,nina,{}\nHidden,nina,\n,,{}\nHidden,otto,\n",
            draft.track, hidden.track
        );
        let of = async |person: &Person<'_>| {
            let report = imports(person, "?title=Mine", table.clone()).await.is(201).json();
            found_by(&report).iter().map(|by| by.map(str::to_owned)).collect::<Vec<_>>()
        };
        let named = |names: [Option<&str>; 4]| names.map(|name| name.map(str::to_owned)).to_vec();
        assert_eq!(of(&ada).await, named([None, None, Some("id"), None]));
        assert_eq!(of(&nina).await, named([Some("id"), Some("names"), Some("id"), None]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_exported_comes_in_again() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (tides, ebb) = (nina.publishes_a_single("Tides").await, nina.publishes_a_single("=Ebb").await);
        let path = makes(&nina, "Mornings", "public").await;
        adds(&nina, &path, &[&tides.track, &ebb.track, &tides.track]).await;
        for format in ["m3u8", "xspf", "jspf", "pls", "csv"] {
            let file = nina.get(&format!("{path}/export?format={format}")).await.is(200).body.to_vec();
            for query in ["?title=Again".to_owned(), format!("?title=Again&format={format}&visibility=public")] {
                let report = imports(&ada, &query, file.clone()).await.is(201).json();
                assert_eq!((&report["found"], &report["not_found"]), (&json!(3), &json!(0)), "{format}");
                let path = format!("/playlists/{}", report["playlist"]["id"].as_str().expect("an id"));
                assert_eq!(titles(&ada, &path).await, ["Tides", "=Ebb", "Tides"], "{format}");
            }
        }
        // As the body itself, and once under one key.
        let raw = async || {
            let request = ada.request(Method::POST, "/playlists/import?title=Raw").header("idempotency-key", "raw");
            send(request.body(tides.track.clone())).await.is(201).json()
        };
        assert_eq!(raw().await, raw().await);
        assert_eq!(ada.walks("/playlists", 50).await.len(), 11);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_are_names_at_most() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let names = "file:///etc/passwd\n/proc/self/environ\nhttp://127.0.0.1:1/x.strm\n\\\\host\\share\\a.mp3\n";
        let report = imports(&ada, "?title=Mine", names).await.is(201).json();
        assert_eq!((&report["found"], &report["not_found"]), (&json!(0), &json!(4)));
        assert_eq!(report["lines"][0]["name"], "passwd");
        assert!(!report.to_string().contains("root:"), "{report}");
        let bomb = "<!DOCTYPE p [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><playlist><title>&b;</title></playlist>";
        let external =
            "<!DOCTYPE p [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><playlist><title>&x;</title></playlist>";
        for bad in [
            bomb.as_bytes(),
            external.as_bytes(),
            b"<playlist><title>&x;</title></playlist>",
            b"<html/>",
            b"ID3\x04\0\0\0",
            b"",
            "x".repeat(100_000).as_bytes(),
            "a.mp3\n".repeat(10_001).as_bytes(),
            "{".repeat(100_000).as_bytes(),
        ] {
            imports(&ada, "?title=Mine", bad).await.is_invalid("file");
        }
        imports(&ada, "", "a.mp3").await.is_invalid("title");
        imports(&ada, "?format=doc", "a.mp3").await.is_invalid("format");
        imports(&ada, "?title=Mine", vec![b'#'; 2 * 1024 * 1024 + 1]).await.is_problem(413, "upload-too-large");
        let form = Form::new().text("list", "a.mp3");
        send(ada.request(Method::POST, "/playlists/import").multipart(form)).await.is_invalid("list");
        imports(&app.stranger(), "", "a.mp3").await.is_problem(401, "unauthenticated");
        assert_eq!(ada.walks("/playlists", 10).await.len(), 1);
    })
    .await;
}
