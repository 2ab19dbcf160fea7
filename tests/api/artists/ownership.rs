//! What belongs to somebody else cannot be changed, and what is not public does not exist for others.

use serde_json::{Value, json};

use crate::support::{Single, tone, with_app};

/// Every write on a release and its track.
fn writes(single: &Single) -> [(&'static str, String, Value); 6] {
    let (release, track) = (format!("/releases/{}", single.release), format!("/tracks/{}", single.track));
    [
        ("PATCH", release.clone(), json!({ "title": "Stolen" })),
        ("PUT", format!("{release}/publication"), json!({})),
        ("DELETE", format!("{release}/publication"), json!({})),
        ("DELETE", release, json!({})),
        ("PATCH", track.clone(), json!({ "title": "Stolen", "position": 1 })),
        ("DELETE", track, json!({})),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_what_belongs_to_another_artist() {
    with_app(async |app| {
        let (nina, ben) = (app.artist("nina").await, app.artist("ben").await);
        let (draft, public) = (nina.drafts_a_single("Draft").await, nina.publishes_a_single("Public").await);
        let catalogue = async || {
            let paths = [&draft, &public].map(|single| format!("/releases/{}", single.release));
            [nina.get(&paths[0]).await.is(200).json(), nina.get(&paths[1]).await.is(200).json()]
        };
        let before = catalogue().await;
        for single in [&draft, &public] {
            for (method, path, body) in writes(single) {
                let as_ben = ben.request(method.parse().expect("a method"), &path).json(&body);
                crate::support::send(as_ben).await.is_problem(404, "not-found");
                let as_nobody = app.stranger().request(method.parse().expect("a method"), &path).json(&body);
                crate::support::send(as_nobody).await.is_problem(401, "unauthenticated");
            }
            let upload = ben.tries_to_upload(&single.release, "mine.wav", tone(440.0, 0.2)).await;
            upload.is_problem(404, "not-found");
        }
        assert_eq!(catalogue().await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_invisible_to_others() {
    with_app(async |app| {
        let (nina, ben) = (app.artist("nina").await, app.artist("ben").await);
        let draft = nina.drafts_a_single("Quicksilver").await;
        app.settle().await;
        for person in [&ben, &app.stranger()] {
            for path in [
                format!("/releases/{}", draft.release),
                format!("/tracks/{}", draft.track),
                format!("/tracks/{}/waveform", draft.track),
                format!("/tracks/{}/progress", draft.track),
            ] {
                person.get(&path).await.is_problem(404, "not-found");
            }
            person.post("/plays", json!({ "track_id": draft.track })).await.is_problem(404, "not-found");
            for list in ["/releases", "/artists/nina/releases", "/search?q=quicksilver"] {
                assert_eq!(person.get(list).await.is(200).json()["items"], json!([]), "{list}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_members_may_know_stays_with_them() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("secret name of the file").await;
        nina.patch(&format!("/tracks/{}", single.track), json!({ "title": "Tides" })).await.is(200);
        nina.patch(&format!("/releases/{}", single.release), json!({ "title": "Tides" })).await.is(200);
        let path = format!("/tracks/{}", single.track);
        let seen = ada.get(&path).await.is(200);
        assert!(!seen.text().contains("secret name") && !seen.text().contains("example.org"), "{}", seen.text());
        assert_eq!((&seen.json()["mine"], &seen.json()["filename"]), (&json!(false), &json!(null)));
        assert_eq!(nina.get(&path).await.json()["filename"], "secret name of the file.wav");
    })
    .await;
}
