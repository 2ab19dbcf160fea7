//! Take a rating back.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn stars_are_taken_back_ones_own_alone() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = format!("/tracks/{}/rating", single.track);
        for person in [&nina, &ada] {
            person.put(&path, json!({ "stars": 3 })).await.is(204);
        }
        for _ in 0..2 {
            ada.delete(&path).await.is(204);
        }
        let left = "select account_id::text as line from streaming.ratings";
        assert_eq!(app.lines(left).await, [nina.id.as_str()]);
    })
    .await;
}
