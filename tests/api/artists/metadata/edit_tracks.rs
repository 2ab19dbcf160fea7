//! Edit many tracks at once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Person, send, tone, with_app};

/// A release with three tracks `a`, `b` and `c`; the answer is its path and their ids.
async fn three(nina: &Person<'_>) -> (String, Vec<String>) {
    let release = nina.creates_release("Tides").await;
    let mut tracks = Vec::new();
    for name in ["a", "b", "c"] {
        tracks.push(nina.uploads(&release, &format!("{name}.wav"), tone(440.0, 0.2)).await);
    }
    (format!("/releases/{release}"), tracks)
}

fn titles(release: &Value) -> Vec<String> {
    let tracks = release["tracks"].as_array().expect("tracks");
    tracks.iter().map(|track| format!("{} {}", track["position"], track["title"].as_str().unwrap_or("?"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tracks_change_in_one_step() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (path, ids) = three(&nina).await;
        let change = |id: &String, changes: Value| json!({ "id": id, "changes": changes });
        let body = json!({ "tracks": [
            change(&ids[0], json!({ "position": 3, "title": "A", "explicit": true })),
            change(&ids[1], json!({ "position": 2, "composer": "Nina" })),
            change(&ids[2], json!({ "position": 1, "disc": 1 })),
        ] });
        let release = nina.patch(&format!("{path}/tracks"), body).await.is(200).json();
        assert_eq!(titles(&release), ["1 c", "2 b", "3 A"]);
        assert_eq!(
            (&release["tracks"][2]["explicit"], &release["tracks"][1]["composer"]),
            (&json!(true), &json!("Nina"))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_changed_leaves_all_as_they_were() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        let (path, ids) = three(&nina).await;
        let foreign = ada.uploads(&ada.creates_release("Dew").await, "d.wav", tone(440.0, 0.2)).await;
        app.settle().await;
        let (tracks, before) = (format!("{path}/tracks"), nina.get(&path).await.json());
        let good = json!({ "id": ids[0], "changes": { "title": "A" } });
        let tries = async |second: Value, field: &str| {
            nina.patch(&tracks, json!({ "tracks": [good, second] })).await.is_invalid(field);
        };
        tries(json!({ "id": ids[1], "changes": { "position": 0 } }), "tracks[1].changes.position").await;
        tries(json!({ "id": ids[1], "changes": { "isrc": "12" } }), "tracks[1].changes.isrc").await;
        tries(json!({ "id": ids[1], "changes": { "disc": 0 } }), "tracks[1].changes.disc").await;
        tries(json!({ "id": foreign, "changes": { "title": "B" } }), "tracks[1].id").await;
        tries(json!({ "id": ids[0], "changes": { "title": "B" } }), "tracks").await;
        nina.patch(&tracks, json!({ "tracks": [] })).await.is_invalid("tracks");
        ada.patch(&tracks, json!({ "tracks": [good] })).await.is_problem(404, "not-found");
        assert_eq!(nina.get(&path).await.json(), before);
        assert_eq!(nina.get(&format!("{path}/history")).await.is(200).json()["items"], json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_tracks_that_were_seen_are_changed() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (path, ids) = three(&nina).await;
        app.settle().await;
        let seen = nina.get(&path).await.header("etag").to_owned();
        nina.patch(&format!("/tracks/{}", ids[2]), json!({ "title": "C" })).await.is(200);
        let body = json!({ "tracks": [{ "id": ids[0], "changes": { "title": "A" } }] });
        let tries = async |tag: &str| {
            let request = nina.request(Method::PATCH, &format!("{path}/tracks")).header("if-match", tag);
            send(request.json(&body)).await
        };
        tries(&seen).await.is_problem(412, "changed-meanwhile");
        let now = nina.get(&path).await.header("etag").to_owned();
        let changed = tries(&now).await.is(200);
        assert_eq!(titles(&changed.json()), ["1 A", "2 b", "3 C"]);
        assert_ne!(changed.header("etag"), now);
    })
    .await;
}
