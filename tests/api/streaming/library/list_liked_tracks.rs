//! List the tracks that an account likes.

use serde_json::{Value, json};

use super::pages;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_comes_first_and_what_is_withdrawn_has_no_name() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let mut tracks = Vec::new();
        for title in ["Tides", "Ebb", "Flood"] {
            let single = nina.publishes_a_single(title).await;
            ada.put(&format!("/tracks/{}/like", single.track), json!({})).await.is(204);
            tracks.push(single);
        }
        ada.put(&format!("/tracks/{}/rating", tracks[0].track), json!({ "stars": 4 })).await.is(204);
        nina.delete(&format!("/releases/{}/publication", tracks[1].release)).await.is(204);
        let liked = pages(&ada, "/me/library/tracks", 2, "track_id").await;
        let titles: Vec<&Value> = liked.iter().map(|liked| &liked["track"]["title"]).collect();
        assert_eq!(titles, [&json!("Flood"), &Value::Null, &json!("Tides")]);
        assert_eq!((&liked[1]["track"], &liked[1]["track_id"]), (&Value::Null, &json!(tracks[1].track)));
        assert_eq!((&liked[0]["stars"], &liked[2]["stars"]), (&Value::Null, &json!(4)));
        ada.get("/me/library/tracks?cursor=nonsense").await.is_invalid("cursor");
        ada.get("/me/library/tracks?limit=201").await.is_invalid("limit");
        app.stranger().get("/me/library/tracks").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_place_is_refused_by_its_name() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        // ["-001000-01-01T00:00:00Z","0190b2f0-c0de-7000-8000-00000000cafe"]
        let place = r#"["-001000-01-01T00:00:00Z","0190b2f0-c0de-7000-8000-00000000cafe"]"#;
        let cursor = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, place);
        for list in ["/me/library/tracks", "/me/library/releases", "/me/bookmarks"] {
            ada.get(&format!("{list}?cursor={cursor}")).await.is_invalid("cursor");
        }
    })
    .await;
}
