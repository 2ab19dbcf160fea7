//! Take a change back.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Person, send, tone, with_app};

/// The entry of the history that is so many changes ago.
async fn entry(nina: &Person<'_>, release: &str, ago: usize) -> Value {
    nina.get(&format!("{release}/history")).await.is(200).json()["items"][ago].clone()
}

async fn takes_back(nina: &Person<'_>, release: &str, entry: &Value) -> crate::support::Answer {
    let id = entry["id"].as_str().expect("an id");
    send(nina.request(Method::POST, &format!("{release}/history/{id}/restoration"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_release_was_before_a_change_it_is_again() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        let path = format!("/releases/{}", nina.creates_release("Tides").await);
        nina.patch(&path, json!({ "upc": "036000291452", "genres": ["ambient"] })).await.is(200);
        let before = nina.get(&path).await.json();
        nina.patch(&path, json!({ "title": "Dew", "genres": [], "upc": null, "licence": "CC0-1.0" })).await.is(200);
        nina.patch(&path, json!({ "liner_notes": "Later." })).await.is(200);
        let change = entry(&nina, &path, 1).await;
        takes_back(&ada, &path, &change).await.is_problem(404, "not-found");

        let made = takes_back(&nina, &path, &change).await.is(201).json();
        assert_eq!((&made["takes_back"], &made["by"]["handle"]), (&change["id"], &json!("nina")));
        assert_eq!(entry(&nina, &path, 0).await, made);
        let now = nina.get(&path).await.json();
        for field in ["title", "genres", "upc", "licence"] {
            assert_eq!(now[field], before[field], "{field}");
        }
        assert_eq!(now["liner_notes"], "Later.", "what this change was not about");
        takes_back(&nina, &path, &change).await.is_problem(409, "nothing-to-restore");
        // And what was taken back comes back as well.
        takes_back(&nina, &path, &made).await.is(201);
        assert_eq!(nina.get(&path).await.json()["title"], "Dew");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_gets_its_place_and_words_back() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let (path, mut tracks) = (format!("/releases/{release}"), Vec::new());
        for name in ["a", "b"] {
            tracks.push(nina.uploads(&release, &format!("{name}.wav"), tone(440.0, 0.2)).await);
        }
        let track = format!("/tracks/{}", tracks[0]);
        nina.patch(&track, json!({ "composer": "Nina", "lyrics_lrc": "[00:00.10]One" })).await.is(200);
        let changes = json!({ "position": 2, "composer": "", "lyrics": null, "isrc": "USRC17607839", "title": "A" });
        nina.patch(&track, changes).await.is(200);
        let change = entry(&nina, &path, 0).await;
        takes_back(&nina, &path, &change).await.is(201);
        let now = nina.get(&track).await.json();
        assert_eq!((&now["position"], &now["composer"], &now["isrc"]), (&json!(1), &json!("Nina"), &json!(null)));
        assert_eq!((&now["lyrics"]["text"], &now["title"]), (&json!("One"), &json!("a")));
        assert_eq!(nina.get(&format!("/tracks/{}", tracks[1])).await.json()["position"], 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publication_is_not_taken_back_by_the_history() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = format!("/releases/{}", single.release);
        let change = entry(&nina, &path, 0).await;
        takes_back(&nina, &path, &change).await.is_problem(409, "not-restorable");
        assert_eq!(nina.get(&path).await.json()["state"], "published");
        let other = nina.creates_release("Dew").await;
        takes_back(&nina, &format!("/releases/{other}"), &change).await.is_problem(404, "not-found");
    })
    .await;
}
