//! Clients that others wrote: tus-js-client and tuspy, over connections that break.

use std::path::{Path, PathBuf};
use std::process::Output;

use tokio::process::Command;

use crate::support::{App, Faults, Person, Proxy, skipped, tone, variable, with_app};

const JS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/artists/uploads/client.mjs");
const PY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/artists/uploads/client.py");

/// Runs a program that uploads a file in pieces to a server.
async fn uploads(
    mut command: Command,
    site: &str,
    nina: &Person<'_>,
    release: &str,
    file: &Path,
    parts: &str,
) -> Output {
    let token = nina.token.as_deref().unwrap_or_default();
    command.arg(format!("http://{site}/api/v1/uploads")).args([token, release]).arg(file).arg(parts);
    command.kill_on_drop(true).output().await.expect("an output")
}

/// The interpreter with tuspy in it.
fn python() -> Option<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("tuspy-python")).find(|program| program.exists());
    if found.is_none() {
        assert!(variable("CI").is_none(), "no tuspy");
        skipped("tuspy is not installed: bin/setup --tests");
    }
    found
}

fn node() -> bool {
    let there = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/node_modules/tus-js-client").exists();
    if !there {
        assert!(variable("CI").is_none(), "no tus-js-client");
        skipped("tus-js-client is not installed: bin/web build");
    }
    there
}

/// Files of several sizes, each uploaded by `command` through a proxy that breaks one request in ten; all become tracks of
/// the same bytes.
async fn all_arrive(app: &App, command: impl Fn() -> Command, parts: &[&str]) {
    let nina = app.artist("nina").await;
    let release = nina.creates_release("Tides").await;
    let folder = tempfile::tempdir().expect("a folder");
    let faults = Faults { refused: 20, reset: 40, unanswered: 40, truncated: 20 };
    let proxy = Proxy::before(app.site.authority(), faults).await;
    let mut hashes = Vec::new();
    for (number, parts) in parts.iter().enumerate() {
        let wav = tone(300.0 + number as f64, 3.0 + number as f64);
        let file = folder.path().join(format!("{number:02} tides.wav"));
        std::fs::write(&file, &wav).expect("written");
        let output = uploads(command(), &proxy.authority, &nina, &release, &file, parts).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        hashes.push(blake3::hash(&wav).to_hex().to_string());
    }
    app.settle().await;
    let mut stored: Vec<String> = app.stored("raw").iter().map(|key| key[3..].to_owned()).collect();
    stored.sort();
    hashes.sort();
    assert_eq!(stored, hashes);
    let tracks = nina.get(&format!("/releases/{release}")).await.json()["tracks"].clone();
    let tracks = tracks.as_array().expect("tracks").iter().map(|track| track["title"].to_string()).collect::<Vec<_>>();
    assert_eq!(tracks.len(), parts.len(), "{tracks:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tus_js_client_uploads_over_connections_that_break() {
    if !node() {
        return;
    }
    with_app(async |app| {
        let command = || {
            let mut command = Command::new("node");
            command.arg(JS);
            command
        };
        all_arrive(app, command, &["1", "1", "3"]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tuspy_uploads_over_connections_that_break() {
    let Some(python) = python() else { return };
    with_app(async |app| {
        let command = || {
            let mut command = Command::new(&python);
            command.arg(PY);
            command
        };
        all_arrive(app, command, &["1", "1", "1"]).await;
    })
    .await;
}
