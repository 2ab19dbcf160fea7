//! A file that looks like one for a track that is there already.

use serde_json::{Value, json};

use super::{begins, sends};
use crate::support::{Person, tagged, tone, with_app};

async fn uploaded(nina: &Person<'_>, release: &str, filename: &str, bytes: &[u8]) -> Value {
    let location = begins(nina, release, filename, bytes.len()).await;
    let track = sends(nina, &location, 0, bytes).await.is(204).header("upload-track").to_owned();
    nina.waits_until_ready(&track).await;
    nina.get(&location).await.is(200).json()
}

fn told(of: &Value) -> Vec<(Value, Value)> {
    let matches = of["matches"].as_array().expect("matches");
    matches.iter().map(|found| (found["title"].clone(), found["matched_by"].clone())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_file_may_be_meant_for_is_told_and_nothing_is_done() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let ebb = nina.uploads(&release, "Ebb.wav", tone(440.0, 0.3)).await;
        let flow = nina.uploads(&release, "Flow.wav", tone(550.0, 0.3)).await;
        let slack = nina.uploads(&release, "Slack.wav", tone(660.0, 0.3)).await;
        for track in [&ebb, &flow, &slack] {
            nina.waits_until_ready(track).await;
        }
        nina.patch(&format!("/tracks/{ebb}"), json!({ "isrc": "DEA123456789" })).await.is(200);
        nina.patch(&format!("/tracks/{slack}"), json!({ "disc": 2 })).await.is(200);
        // By the code in its tags, and by its name, whatever its case.
        let sound = tagged(&[(b"TSRC", "DE-A12-34-56789")], &tone(441.0, 0.3));
        let upload = uploaded(&nina, &release, "FLOW.wav", &sound).await;
        let expected = [(json!("Ebb"), json!("isrc")), (json!("Flow"), json!("filename"))];
        assert_eq!(told(&upload), expected);
        let track = nina.get(&format!("/tracks/{}", upload["track_id"].as_str().expect("a track"))).await.json();
        assert_eq!((told(&track), &track["position"]), (expected.to_vec(), &json!(4)));
        // By number, disc and title together.
        let place = |number, disc| tagged(&[(b"TIT2", "slack"), (b"TRCK", number), (b"TPOS", disc)], &tone(661.0, 0.3));
        let other = uploaded(&nina, &release, "x.wav", &place("3", "1")).await;
        assert_eq!(told(&other), []);
        let same = uploaded(&nina, &release, "y.wav", &place("3", "2")).await;
        assert_eq!(told(&same), [(json!("Slack"), json!("number_and_title"))]);
        // What was there first is told nothing, and strangers are told nothing at all.
        let release = nina.publishes(&release).await;
        let public = app.stranger().get(&format!("/releases/{}", release["id"].as_str().expect("an id"))).await.json();
        for track in public["tracks"].as_array().expect("tracks") {
            assert_eq!((&track["matches"], &track["suggestions"]), (&json!([]), &json!(null)));
        }
        assert_eq!(told(&nina.get(&format!("/tracks/{ebb}")).await.json()), []);
    })
    .await;
}
