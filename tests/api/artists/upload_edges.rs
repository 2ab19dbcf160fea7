//! Uploads that are too large, cut off, or meet a full disk.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{Answer, App, Person, Raw, becomes_true, send, skipped, tone, with_app, with_settings};

const SMALL: &[(&str, &str)] = &[("upload_max_bytes", "65536")];

const FIELD: &str = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n";

/// The head of an upload by hand; `framing` says how long its body is.
fn head(app: &App, person: &Person<'_>, release: &str, framing: &str) -> String {
    format!(
        "POST /api/v1/releases/{release}/tracks HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: multipart/form-data; boundary=cut\r\n{framing}\r\n\r\n",
        app.site.authority(),
        person.token.as_deref().unwrap_or_default()
    )
}

/// An upload of unknown length.
async fn streams(person: &Person<'_>, release: &str, bytes: Vec<u8>) -> Answer {
    let chunks = bytes.chunks(16 * 1024).map(Bytes::copy_from_slice).map(Ok::<_, std::io::Error>).collect::<Vec<_>>();
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
    let form = Form::new().part("file", Part::stream(body).file_name("a.wav"));
    send(person.request(Method::POST, &format!("/releases/{release}/tracks")).multipart(form)).await
}

async fn assert_nothing_stored(app: &App, person: &Person<'_>, release: &str) {
    let cleared = async || app.stored("landing").is_empty();
    assert!(becomes_true(Duration::from_secs(10), cleared).await, "{:?}", app.stored("landing"));
    assert!(app.stored("raw").is_empty(), "{:?}", app.stored("raw"));
    assert_eq!(person.get(&format!("/releases/{release}")).await.is(200).json()["tracks"], json!([]));
}

/// The problem in an answer as it came over the wire.
fn problem(heard: &str) -> Value {
    let body = heard.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str(body).unwrap_or_else(|_| panic!("no problem: {heard}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_announces_too_much_is_told_before_it_is_sent() {
    with_settings(SMALL, async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut raw = Raw::open(&app.site).await;
        raw.sends(head(app, &nina, &release, "Content-Length: 8388608")).await;
        let heard = raw.reads_first().await;
        assert!(heard.starts_with("HTTP/1.1 413 "), "{heard}");
        assert_eq!(problem(&heard)["type"], "/problems/upload-too-large");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_on_sending_sees_the_answer_all_the_same() {
    with_settings(SMALL, async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut raw = Raw::open(&app.site).await;
        raw.sends(head(app, &nina, &release, "Content-Length: 16777216")).await;
        let heard = raw.floods_and_reads(16 * 1024 * 1024).await;
        assert!(heard.starts_with("HTTP/1.1 413 "), "{heard}");
        assert!(heard.to_lowercase().contains("connection: close"), "{heard}");
        assert_eq!(problem(&heard)["type"], "/problems/upload-too-large");
        assert_nothing_stored(app, &nina, &release).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_announces_nothing_is_stopped_at_the_limit() {
    with_settings(SMALL, async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut raw = Raw::open(&app.site).await;
        raw.sends(head(app, &nina, &release, "Transfer-Encoding: chunked")).await;
        raw.sends(format!("{:x}\r\n{FIELD}\r\n", FIELD.len())).await;
        // One chunk of eight mebibytes, and no end of the body: who does not end it is cut off.
        raw.sends("800000\r\n").await;
        let heard = raw.floods_and_reads(8 * 1024 * 1024).await;
        assert!(heard.starts_with("HTTP/1.1 413 "), "{heard}");
        assert_eq!(problem(&heard)["type"], "/problems/upload-too-large");
        assert_nothing_stored(app, &nina, &release).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_file_that_is_accepted_is_accepted() {
    with_settings(SMALL, async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut wav = tone(440.0, 0.2);
        wav.resize(65_536, 0);
        let track = streams(&nina, &release, wav.clone()).await.is(202).json();
        nina.waits_until_ready(track["id"].as_str().unwrap_or_default()).await;
        wav.push(0);
        nina.tries_to_upload(&release, "a.wav", wav).await.is_problem(413, "upload-too-large");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_cut_off_leaves_nothing_behind() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for sent in [0, 1000, 6 * 1024 * 1024] {
            let mut raw = Raw::open(&app.site).await;
            raw.sends(head(app, &nina, &release, "Content-Length: 9999999")).await;
            raw.sends(FIELD).await;
            raw.sends(vec![7; sent]).await;
            drop(raw);
        }
        // Whole by its length, but the form never ends.
        let mut raw = Raw::open(&app.site).await;
        let length = FIELD.len() + 1000;
        raw.sends(head(app, &nina, &release, &format!("Connection: close\r\nContent-Length: {length}"))).await;
        raw.sends(FIELD).await;
        raw.sends([7; 1000]).await;
        let heard = raw.reads().await;
        assert!(heard.starts_with("HTTP/1.1 400 "), "{heard}");
        assert_nothing_stored(app, &nina, &release).await;
    })
    .await;
}

/// A small file system in memory, which is full soon; `None` and a loud word where it cannot be had.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(megabytes: u32) -> Option<Self> {
        let disk = Self(tempfile::tempdir().expect("a folder"));
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(disk.path()).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(disk);
        }
        skipped("no small disk: mounting a tmpfs takes root");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).output();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stores_nothing_and_heals() {
    let Some(disk) = SmallDisk::mount(16) else { return };
    let data = disk.path().join("data");
    with_settings(&[("data", data.to_str().expect("a plain path"))], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        // Announced, it is refused at the door; unannounced, when the disk is full.
        nina.tries_to_upload(&release, "a.wav", tone(440.0, 80.0)).await.is_problem(507, "storage-full");
        streams(&nina, &release, tone(440.0, 100.0)).await.is_problem(507, "storage-full");
        assert_nothing_stored(app, &nina, &release).await;
        nina.get("/me").await.is(200);
        let track = nina.uploads(&release, "b.wav", tone(440.0, 1.0)).await;
        nina.waits_until_ready(&track).await;
    })
    .await;
}
