//! The history of a release and its tracks.

use serde_json::{Value, json};

use crate::support::with_app;

/// `field: before > after` of each field, for each entry.
fn told(history: &[Value]) -> Vec<String> {
    let field =
        |field: &Value| format!("{}: {} > {}", field["field"].as_str().unwrap_or("?"), field["before"], field["after"]);
    let entry = |entry: &Value| {
        let fields: Vec<String> = entry["fields"].as_array().expect("fields").iter().map(field).collect();
        format!("{} {}", entry["track"]["title"].as_str().unwrap_or("-"), fields.join(", "))
    };
    history.iter().map(entry).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_there_with_who_and_when() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        let single = nina.drafts_a_single("Tides").await;
        let (release, track) = (format!("/releases/{}", single.release), format!("/tracks/{}", single.track));
        nina.patch(&release, json!({ "genres": ["Ambient"], "kind": "ep" })).await.is(200);
        nina.patch(&release, json!({ "kind": "ep" })).await.is(200);
        nina.patch(&track, json!({ "title": "Ebb", "lyrics": { "text": "One" } })).await.is(200);
        nina.publishes(&single.release).await;
        nina.put(&format!("{release}/publication"), json!({ "visibility": "unlisted" })).await.is(200);
        let published = nina.get(&release).await.json()["published_at"].clone();
        nina.delete(&format!("{release}/publication")).await.is(204);

        let history = nina.walks(&format!("{release}/history"), 2).await;
        let lyrics = r#"lyrics: null > {"lines":[],"text":"One"}"#;
        assert_eq!(
            told(&history),
            [
                &format!("- published_at: {published} > null"),
                "- visibility: \"public\" > \"unlisted\"",
                &format!("- published_at: null > {published}"),
                &format!("Ebb {lyrics}, title: \"Tides\" > \"Ebb\""),
                "- genres: [] > [\"ambient\"], kind: \"single\" > \"ep\"",
            ]
        );
        assert!(history.iter().all(|entry| entry["by"]["handle"] == "nina" && entry["changed_at"].is_string()));
        let of_track = nina.get(&format!("{track}/history")).await.is(200).json();
        assert_eq!(of_track["items"], json!([history[3]]));

        for person in [&ada, &app.stranger()] {
            let status = if person.token.is_some() { (404, "not-found") } else { (401, "unauthenticated") };
            for path in [&release, &track] {
                person.get(&format!("{path}/history")).await.is_problem(status.0, status.1);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_no_more_than_fits_and_nothing_is_left_out() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        let track = format!("/tracks/{}", single.track);
        for number in 0..16 {
            let lyrics = format!("{number}\n{}", "ü".repeat(19_000));
            nina.patch(&track, json!({ "lyrics": { "text": lyrics } })).await.is(200);
        }
        let page = nina.get(&format!("{track}/history?limit=200")).await.is(200);
        assert!(page.text().len() < 2_000_000, "{}", page.text().len());
        assert!(page.json()["next_cursor"].is_string());
        assert_eq!(nina.walks(&format!("{track}/history"), 200).await.len(), 16);
    })
    .await;
}
