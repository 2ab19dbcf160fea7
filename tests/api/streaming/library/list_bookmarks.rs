//! List an account's bookmarks.

use serde_json::{Value, json};

use super::pages;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_comes_first_and_what_is_withdrawn_has_no_name() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let mut singles = Vec::new();
        for title in ["Tides", "Ebb", "Flood"] {
            let single = nina.publishes_a_single(title).await;
            ada.put(&format!("/me/bookmarks/{}", single.track), json!({ "position_ms": 500 })).await.is(204);
            singles.push(single);
        }
        // What is marked anew is the latest.
        ada.put(&format!("/me/bookmarks/{}", singles[0].track), json!({ "position_ms": 700 })).await.is(204);
        nina.delete(&format!("/releases/{}/publication", singles[1].release)).await.is(204);
        let marks = pages(&ada, "/me/bookmarks", 2, "track_id").await;
        let titles: Vec<&Value> = marks.iter().map(|mark| &mark["track"]["title"]).collect();
        assert_eq!(titles, [&json!("Tides"), &json!("Flood"), &Value::Null]);
        assert_eq!((&marks[0]["position_ms"], &marks[2]["position_ms"]), (&json!(700), &json!(500)));
        assert!(pages(&nina, "/me/bookmarks", 2, "track_id").await.is_empty());
        app.stranger().get("/me/bookmarks").await.is_problem(401, "unauthenticated");
    })
    .await;
}
