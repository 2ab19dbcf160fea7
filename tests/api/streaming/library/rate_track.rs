//! Rate a track.

use serde_json::{Value, json};

use super::archived;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_track_has_one_to_five_stars_and_the_last_word_holds() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let draft = nina.drafts_a_single("Draft").await;
        let path = format!("/tracks/{}/rating", single.track);
        for stars in [5, 1] {
            ada.put(&path, json!({ "stars": stars })).await.is(204);
        }
        for stars in [json!(0), json!(6), json!(-1), json!(2.5), json!("3"), json!(40_000), Value::Null] {
            ada.put(&path, json!({ "stars": stars })).await.is_invalid("stars");
        }
        ada.put(&path, json!({})).await.is_invalid("stars");
        ada.put(&path, json!({ "stars": 3, "public": true })).await.is_invalid("public");
        ada.put(&format!("/tracks/{}/rating", draft.track), json!({ "stars": 3 })).await.is_problem(404, "not-found");
        let rated = "select concat_ws(' ', account_id, stars) as line from streaming.ratings";
        assert_eq!(app.lines(rated).await, [format!("{} 1", ada.id)]);
        assert_eq!(archived(app, &ada, "ratings.json").await[0]["stars"], 1);
    })
    .await;
}
