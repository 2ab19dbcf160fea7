//! List what those hear whom an account follows.

use serde_json::{Value, json};

use super::{follows, shares};
use crate::support::{Person, with_app};

async fn heard(person: &Person<'_>) -> Vec<(Value, Value)> {
    let list = person.get("/me/now-playing").await.is(200).json();
    let items = list["items"].as_array().expect("a list").iter();
    items.map(|item| (item["account"]["handle"].clone(), item["track"]["title"].clone())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_see_what_is_heard_now_where_that_is_shared() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (tides, ebb) = (nina.publishes_a_single("Tides").await, nina.publishes_a_single("Ebb").await);
        let draft = nina.drafts_a_single("Draft").await;
        let (ada, ben, eve) = (app.listener("ada").await, app.listener("ben").await, app.listener("eve").await);
        shares(&ben, true).await;
        ben.plays(&tides.track).await;
        eve.plays(&tides.track).await;
        assert!(heard(&ada).await.is_empty(), "she follows nobody");
        follows(&ada, "ben").await;
        follows(&ada, "eve").await;
        follows(&ada, "nina").await;
        assert_eq!(heard(&ada).await, [(json!("ben"), json!("Tides"))], "eve does not share");
        // She is told at once when it changes.
        let mut live = ada.listens_to("/live", None).await;
        let play = ben.plays(&ebb.track).await;
        let told = loop {
            let event = live.next().await.expect("an event");
            if event.name == "now_playing" {
                break event;
            }
        };
        assert_eq!((&told.data["account_id"], &told.data["track_id"]), (&json!(ben.id), &json!(ebb.track)));
        // Who began last comes first. What she may not hear is not told.
        shares(&nina, true).await;
        nina.plays(&tides.track).await;
        assert_eq!(heard(&ada).await, [(json!("nina"), json!("Tides")), (json!("ben"), json!("Ebb"))]);
        nina.plays(&draft.track).await;
        assert_eq!(heard(&ada).await, [(json!("ben"), json!("Ebb"))]);
        let path = format!("/plays/{}", play["id"].as_str().expect("an id"));
        ben.patch(&path, json!({ "position_ms": 0, "heard_ms": 0, "state": "paused" })).await.is(200);
        assert!(heard(&ada).await.is_empty());
        ben.plays(&ebb.track).await;
        shares(&ben, false).await;
        assert!(heard(&ada).await.is_empty());
        assert!(heard(&ben).await.is_empty());
        app.stranger().get("/me/now-playing").await.is_problem(401, "unauthenticated");
    })
    .await;
}
