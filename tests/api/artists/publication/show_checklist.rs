//! What is missing before a release should be published.

use serde_json::{Value, json};

use crate::support::{tone, with_app};

/// `weight kind` of each line, with `*` for what is about a track.
fn lines(checklist: &Value) -> Vec<String> {
    let line = |item: &Value| {
        let track = if item["track_id"].is_null() { "" } else { "*" };
        format!("{} {}{track}", item["weight"].as_str().unwrap_or("?"), item["kind"].as_str().unwrap_or("?"))
    };
    checklist["items"].as_array().expect("items").iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_blocking_comes_first_and_what_is_settled_goes() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let path = format!("/releases/{release}");
        let checklist = async || nina.get(&format!("{path}/checklist")).await.is(200).json();
        let empty = checklist().await;
        assert_eq!((&empty["ready"], lines(&empty)[0].as_str()), (&json!(false), "blocking no_ready_track"));

        let track = nina.uploads(&release, "tides.wav", tone(440.0, 1.0)).await;
        nina.waits_until_ready(&track).await;
        app.settle().await;
        let said = json!({ "genres": ["ambient"], "languages": ["zxx"], "upc": "036000291452", "release_date": "2026",
            "credits": [{ "role": "producer", "name": "Otto" }] });
        nina.patch(&path, said).await.is(200);
        nina.patch(&format!("/tracks/{track}"), json!({ "composer": "Nina" })).await.is(200);
        let now = checklist().await;
        let found = nina.get(&format!("/tracks/{track}")).await.json()["findings"].clone();
        assert_eq!(now["ready"], true);
        let settled = ["advised no_phonogram_line", "advised no_copyright_line", "notice no_isrc*"];
        let heard = |line: &String| !settled.contains(&line.as_str());
        assert_eq!(lines(&now).iter().filter(|line| !heard(line)).count(), 3, "{now:#}");
        // And what the quality report says, with the same words.
        let kinds: Vec<&Value> = found.as_array().expect("findings").iter().map(|finding| &finding["kind"]).collect();
        assert_eq!(lines(&now).iter().filter(|line| heard(line)).count(), kinds.len(), "{now:#} {found:#}");
        app.execute(&format!(
            "update artists.analyses set findings = '[{{\"kind\": \"clipped\", \"severity\": \"warning\", \"at_ms\": 7,
             \"message\": \"Loud.\", \"measures\": {{}}}}]' where track_id = '{track}'"
        ))
        .await;
        let clipped = json!({ "kind": "clipped", "weight": "advised", "track_id": track, "field": null, "at_ms": 7,
            "message": "Loud." });
        assert!(checklist().await["items"].as_array().expect("items").contains(&clipped));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_checklist_is_its_members_alone() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = format!("/releases/{}/checklist", single.release);
        ada.get(&path).await.is_problem(404, "not-found");
        app.stranger().get(&path).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checklist_takes_as_many_queries_however_many_tracks_there_are() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        app.settle().await;
        let path = format!("/releases/{}/checklist", single.release);
        let queries = async || {
            app.queries(async || {
                nina.get(&path).await.is(200);
            })
            .await
        };
        let of_one = queries().await;
        // Two of the very same file, which are the same recording, and two of others.
        for (name, hz) in [("a.wav", 330.0), ("b.wav", 330.0), ("c.wav", 550.0)] {
            let track = nina.uploads(&single.release, name, tone(hz, 3.0)).await;
            nina.waits_until_ready(&track).await;
        }
        app.settle().await;
        assert_eq!(queries().await, of_one);
        let told = lines(&nina.get(&path).await.json());
        assert_eq!(told.iter().filter(|line| *line == "advised same_file*").count(), 2, "{told:?}");
    })
    .await;
}
