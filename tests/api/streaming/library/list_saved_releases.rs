//! List the releases that an account saved.

use serde_json::{Value, json};

use super::pages;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_comes_first_and_what_is_withdrawn_has_no_name() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let mut releases = Vec::new();
        for title in ["Tides", "Ebb", "Flood"] {
            let release = nina.publishes_a_single(title).await.release;
            ada.put(&format!("/me/library/releases/{release}"), json!({})).await.is(204);
            releases.push(release);
        }
        nina.delete(&format!("/releases/{}/publication", releases[1])).await.is(204);
        let saved = pages(&ada, "/me/library/releases", 2, "release_id").await;
        let titles: Vec<&Value> = saved.iter().map(|saved| &saved["release"]["title"]).collect();
        assert_eq!(titles, [&json!("Flood"), &Value::Null, &json!("Tides")]);
        assert_eq!(saved[1]["release_id"], json!(releases[1]));
        let one = ada.get(&format!("/me/library/releases?release={}", releases[0])).await.is(200).json();
        assert_eq!(
            (&one["items"][0]["release_id"], one["items"].as_array().map(Vec::len)),
            (&json!(releases[0]), Some(1))
        );
        let none = nina.get(&format!("/me/library/releases?release={}", releases[0])).await.is(200).json();
        assert_eq!(none["items"], json!([]));
        ada.get("/me/library/releases?release=nonsense").await.is_invalid("release");
        app.stranger().get("/me/library/releases").await.is_problem(401, "unauthenticated");
    })
    .await;
}
