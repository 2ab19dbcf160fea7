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
