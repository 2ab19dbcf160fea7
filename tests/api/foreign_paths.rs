//! Ids and names that are paths (case I6): every place of a path of the API's document, filled with what leads elsewhere. Such a thing
//! does not exist, or is no request at all; and nothing of it becomes a file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, tone, with_app};

/// As they stand in a URL.
const PATHS: [&str; 14] = [
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fsecret.key",
    "%252e%252e%252fsecret.key",
    "..%5c..%5csecret.key",
    "%2fetc%2fpasswd",
    "file:%2f%2f%2fetc%2fpasswd",
    "%00",
    "a%00.ogg",
    "%0d%0aSet-Cookie:%20x=y",
    "Li4vLi4vc2VjcmV0LmtleQ",
    "%c0%ae%c0%ae%c0%af",
    "%ff%fe",
    "-y%22$(id)",
    ";%20ls%20-la",
];

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_a_path_leads_nowhere() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.publishes_a_single("Tides").await;
        app.settle().await;
        let before = files(app.data());
        let long = "x".repeat(5000);
        for (method, template) in operations() {
            for path in PATHS.into_iter().chain([long.as_str()]) {
                for filled in fillings(&template, path) {
                    let request = nina.request(method.clone(), &filled).json(&json!({})).send().await;
                    let status = request.unwrap_or_else(|error| panic!("{method} {filled}: {error}")).status();
                    assert!(status.is_client_error(), "{method} {filled}: {status}");
                }
            }
        }
        app.settle().await;
        assert_eq!(files(app.data()), before);
    })
    .await;
}

/// Every operation whose path has places to fill.
fn operations() -> Vec<(Method, String)> {
    let document: Value = serde_json::from_str(&legato::app::openapi().to_json().expect("JSON")).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let with_places = paths.iter().filter(|(path, _)| path.contains('{'));
    let operations = with_places.flat_map(|(path, item)| {
        let methods = ["get", "put", "post", "patch", "delete"].into_iter().filter(|method| item.get(method).is_some());
        methods.map(|method| (method.to_uppercase().parse().expect("a method"), path.clone()))
    });
    operations.collect()
}

/// The path with each of its places filled in turn, and plain words in the others.
fn fillings(template: &str, path: &str) -> Vec<String> {
    let parts: Vec<&str> = template.split('/').collect();
    let places = (0..parts.len()).filter(|index| parts[*index].starts_with('{'));
    places
        .map(|place| {
            let fill = |(index, part): (usize, &&str)| match part.starts_with('{') {
                true if index == place => path.to_owned(),
                true => "nina".to_owned(),
                false => (*part).to_owned(),
            };
            parts.iter().enumerate().map(fill).collect::<Vec<_>>().join("/")
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_a_path_becomes_no_file() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("../../escape").await;
        let names = [
            "../../../../tmp/escape.wav",
            "..\\..\\escape.wav",
            "/etc/cron.d/escape.wav",
            "escape.wav; touch escape",
            "-y$(touch escape).wav",
            "`touch escape`.wav",
            "escape\u{202e}vaw.wav",
            "escape.wav/../../escape",
            "NUL.wav",
        ];
        for (number, name) in names.into_iter().enumerate() {
            let track = nina.uploads(&release, name, tone(300.0 + number as f64, 0.2)).await;
            nina.waits_until_ready(&track).await;
        }
        app.settle().await;
        let all = files(app.data());
        assert!(all.iter().all(|path| !path.to_string_lossy().contains("escape")), "{all:#?}");
        assert_addresses(app);
    })
    .await;
}

/// Objects are named by what is in them.
fn assert_addresses(app: &App) {
    for zone in ["raw", "curated"] {
        for path in app.stored(zone) {
            let (_, name) = path.split_once('/').expect("a folder of two digits");
            assert!(name.len() >= 64 && name[..64].bytes().all(|byte| byte.is_ascii_hexdigit()), "{zone}/{path}");
        }
    }
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files(&path));
        }
        found.insert(path);
    }
    found
}
