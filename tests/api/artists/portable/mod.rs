//! Artists that move: what a package holds, and what becomes of it elsewhere.

mod build_package;
mod faults;
mod import_package;
mod killed;
mod publish_imported;
mod remote;
mod request_export;
mod request_import;
mod show_export;
mod show_import;
mod show_key;

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use reqwest::Method;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::uploads::{sends, tus};
use crate::support::picture::picture;
use crate::support::{App, Person, becomes_true, send, tone};

/// The files of a package by their names.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// A job gets this long.
const PATIENCE: Duration = Duration::from_secs(90);

/// Asks for a package of the artist with this person's name and waits for it.
pub(super) async fn exports(person: &Person<'_>) -> Vec<u8> {
    let path = format!("/artists/{}/export", person.handle);
    person.request(Method::POST, &path).send().await.expect("an answer").error_for_status().expect("accepted");
    let is_made = async || person.get(&path).await.is(200).json()["state"] != "waiting";
    assert!(becomes_true(PATIENCE, is_made).await);
    assert_eq!(person.get(&path).await.json()["state"], "ready");
    person.get(&format!("{path}/archive")).await.is(200).body.to_vec()
}

pub(super) fn files(package: &[u8]) -> Files {
    let mut zip = ZipArchive::new(Cursor::new(package)).expect("a zip");
    let names: Vec<String> = zip.file_names().map(|name| name.expect("UTF-8").into_owned()).collect();
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        zip.by_name(name).expect("there").read_to_end(&mut bytes).expect("whole");
        bytes
    };
    names.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

pub(super) fn document(files: &Files, name: &str) -> Value {
    serde_json::from_slice(&files[name]).expect("JSON")
}

/// Packs files as a package does: a text deflated, everything else as it is.
pub(super) fn pack<'a>(files: impl IntoIterator<Item = (&'a String, &'a Vec<u8>)>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let is_file = name.starts_with("masters/") || name.starts_with("artwork/");
        let method = if is_file { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(name, SimpleFileOptions::default().compression_method(method)).expect("a file");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("a zip").into_inner()
}

/// Packs files under a manifest that fits them, but for `change`, signed by a key that no server has.
pub(super) fn signed(files: &Files, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("any 32 bytes are a seed");
    let key = pair.public_key().as_ref();
    let mut manifest = document(files, "manifest.json");
    let id = &sha256(key)[..16];
    manifest["key"] = json!({ "algorithm": "Ed25519", "id": id, "public_key": STANDARD.encode(key) });
    for file in manifest["files"].as_array_mut().expect("a list") {
        let bytes = &files[file["name"].as_str().expect("a name")];
        (file["size_bytes"], file["sha256"]) = (json!(bytes.len()), json!(sha256(bytes)));
    }
    change(&mut manifest);
    let manifest = serde_json::to_vec(&manifest).expect("JSON");
    let mut files = files.clone();
    files.insert("manifest.sig".into(), pair.sign(&manifest).as_ref().to_vec());
    files.insert("manifest.json".into(), manifest);
    pack(&files)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Uploads a package in so many parts; the answer is their ids.
pub(super) async fn sends_package(person: &Person<'_>, package: &[u8], parts: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for bytes in package.chunks(package.len().div_ceil(parts).max(1)) {
        let begin = tus(person, Method::POST, "/uploads").header("upload-concat", "partial");
        let location = send(begin.header("upload-length", bytes.len())).await.is(201).header("location").to_owned();
        sends(person, &location, 0, bytes).await.is(204);
        ids.push(location.rsplit('/').next().expect("an id").to_owned());
    }
    ids
}

/// Brings a package in for the artist with this person's name; the answer is the import once it has ended.
pub(super) async fn imports(person: &Person<'_>, package: &[u8], publish: bool) -> Value {
    let upload_ids = sends_package(person, package, 3).await;
    let path = format!("/artists/{}/imports", person.handle);
    let import = person.post(&path, json!({ "upload_ids": upload_ids, "publish": publish })).await.is(202).json();
    ends(person, &format!("{path}/{}", import["id"].as_str().expect("an id"))).await
}

/// Waits until an import has ended.
pub(super) async fn ends(person: &Person<'_>, path: &str) -> Value {
    let has_ended = async || !person.get(path).await.is(200).json()["ended_at"].is_null();
    assert!(becomes_true(PATIENCE, has_ended).await, "{:#}", person.get(path).await.json());
    person.get(path).await.json()
}

/// What was sent goes away behind the job that read it.
pub(super) async fn nothing_is_left(app: &App) {
    let is_empty = async || app.stored("landing").is_empty() && app.stored("staging").is_empty();
    assert!(becomes_true(PATIENCE, is_empty).await, "{:?}", app.stored("landing"));
}

/// A document without what is another on every server: ids and times.
pub(super) fn timeless(mut document: Value) -> Value {
    match &mut document {
        Value::Object(fields) => {
            fields.retain(|name, _| name != "id" && !name.ends_with("_at"));
            fields.values_mut().for_each(|value| *value = timeless(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = timeless(item.take())),
        _ => {}
    }
    document
}

/// All that an artist may have: a profile with pictures, a release that is out with all details, a draft of which nothing is
/// said, and a file that is none.
pub(super) async fn fills(nina: &Person<'_>) {
    let artist = format!("/artists/{}", nina.handle);
    let profile = json!({
        "biography": "Plays the **bowed saw**.", "places": ["Bergen"], "genres": ["ambient"],
        "links": [{ "label": "Home", "url": "https://nina.example/" }],
    });
    nina.patch(&artist, profile).await.is(200);
    for (of, side) in [("avatar", 300), ("banner", 600)] {
        let request = nina.request(Method::PUT, &format!("{artist}/{of}"));
        send(request.body(picture(side, side, ImageFormat::Png))).await.is(200);
    }
    let tides = nina.creates_release("Tides: Ebb/Flow").await;
    let path = format!("/releases/{tides}");
    let details = json!({
        "label_name": "Northern Light", "upc": "036000291452", "original_date": "1968-11", "genres": ["ambient"],
        "languages": ["de"], "credits": [{ "role": "producer", "name": "Otto" }], "phonogram_line": "2026 Nina",
        "copyright_line": "2026 Nina", "liner_notes": "One\ntwo", "kind": "ep",
    });
    nina.patch(&path, details).await.is(200);
    let request = nina.request(Method::PUT, &format!("{path}/artwork"));
    send(request.body(picture(400, 300, ImageFormat::Jpeg))).await.is(200);
    for (hz, title) in [(440.0, "Ebb"), (550.0, "Flow")] {
        let track = nina.uploads(&tides, "take one.wav", tone(hz, 0.5)).await;
        nina.waits_until_ready(&track).await;
        let changes = json!({
            "title": title, "composer": "Nina Nord", "isrc": "DEA123456789", "version": "live in Bergen", "explicit": true,
            "credits": [{ "role": "instrument", "name": "Ada", "detail": "saw" }], "featured_artists": ["Ada"],
            "lyrics": { "text": "The sea\ngoes", "lines": [{ "at_ms": 10, "text": "The sea" }] }, "preview_start_ms": 100,
        });
        nina.patch(&format!("/tracks/{track}"), changes).await.is(200);
    }
    nina.put(&format!("{path}/publication"), json!({ "visibility": "unlisted" })).await.is(200);
    let draft = nina.creates_release("Draft").await;
    let letter = nina.uploads(&draft, "letter.wav", "Dear Sir or Madam").await;
    nina.waits_for(&letter).await;
}
