//! A server that is killed between two tracks: nothing is lost, and nothing is there twice.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::{document, ends, exports, files, sends_package};
use crate::support::{Legato, Person, Site, becomes_true, tone};

const TRACKS: usize = 40;

async fn serve(data: &Path) -> (Legato, Site) {
    Legato::serve(data, &[]).await
}

/// Brings everything in that is named, and waits until it is so many tracks.
async fn counts(person: &Person<'_>, path: &str) -> i64 {
    person.get(path).await.json()["lines"][0]["tracks"].as_i64().unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_goes_on_where_it_was_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (legato, site) = serve(&data).await;
    let nina = site.artist("nina").await;
    let release = nina.creates_release("Many").await;
    for number in 0..TRACKS {
        nina.uploads(&release, &format!("{number:02}.wav"), tone(200.0 + number as f64, 0.1)).await;
    }
    let package = exports(&nina).await;
    nina.creates_artist("Twin").await;
    let upload_ids = sends_package(&nina, &package, 2).await;
    let import = nina.post("/artists/twin/imports", json!({ "upload_ids": upload_ids })).await.is(202).json();
    let path = format!("/artists/twin/imports/{}", import["id"].as_str().expect("an id"));
    let some = async || counts(&nina, &path).await > 0;
    assert!(becomes_true(Duration::from_secs(30), some).await);
    let token = nina.token.clone().expect("a token");
    legato.kill().await;

    let (legato, site) = serve(&data).await;
    let person = site.holds(&token);
    let made = counts(&person, &path).await;
    assert!((1..TRACKS as i64).contains(&made), "{made} tracks were made before the kill");
    let report = ends(&person, &path).await;
    let line = &report["lines"][0];
    assert_eq!((&report["state"], &line["tracks"], &line["problems"]), (&json!("done"), &json!(TRACKS), &json!([])));
    let twin = person.get(&format!("/releases/{}", line["release_id"].as_str().expect("an id"))).await.is(200).json();
    let titles: Vec<&Value> = twin["tracks"].as_array().expect("tracks").iter().map(|track| &track["title"]).collect();
    let expected: Vec<Value> = (0..TRACKS).map(|number| json!(format!("{number:02}"))).collect();
    assert_eq!(titles, expected.iter().collect::<Vec<_>>());
    assert_eq!(document(&files(&package), "releases.json")[0]["tracks"].as_array().map(Vec::len), Some(TRACKS));
    legato.kill().await;
}
