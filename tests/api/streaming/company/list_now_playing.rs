//! List what those hear whom an account follows.

use serde_json::{Value, json};

use super::{follows, hears_now, shares};
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
        let hidden = nina.publishes_a_single("Hidden").await;
        nina.put(&format!("/releases/{}/publication", hidden.release), json!({ "visibility": "unlisted" }))
            .await
            .is(200);
        shares(&ben, true).await;
        hears_now(&ben, &tides.track).await;
        hears_now(&eve, &tides.track).await;
        assert!(heard(&ada).await.is_empty(), "she follows nobody");
        follows(&ada, "ben").await;
        follows(&ada, "eve").await;
        follows(&ada, "nina").await;
        assert_eq!(heard(&ada).await, [(json!("ben"), json!("Tides"))], "eve does not share");
        // She is told at once that it changed, and asks what it is.
        let mut live = ada.listens_to("/live", None).await;
        // What is granted does not sound yet.
        ben.plays(&ebb.track).await;
        assert_eq!(heard(&ada).await, [(json!("ben"), json!("Tides"))]);
        let play = hears_now(&ben, &ebb.track).await;
        let told = loop {
            let event = live.next().await.expect("an event");
            if event.name == "now_playing" {
                break event;
            }
        };
        assert_eq!(told.data, json!({ "account_id": ben.id }));
        // Who began last comes first. What is in no list that she sees is not told, whoever plays it.
        shares(&nina, true).await;
        hears_now(&nina, &tides.track).await;
        assert_eq!(heard(&ada).await, [(json!("nina"), json!("Tides")), (json!("ben"), json!("Ebb"))]);
        for secret in [&draft.track, &hidden.track] {
            hears_now(&nina, secret).await;
            assert_eq!(heard(&ada).await, [(json!("ben"), json!("Ebb"))]);
        }
        ben.patch(&play, json!({ "position_ms": 0, "heard_ms": 0, "state": "paused" })).await.is(200);
        assert!(heard(&ada).await.is_empty());
        hears_now(&ben, &ebb.track).await;
        shares(&ben, false).await;
        assert!(heard(&ada).await.is_empty());
        assert!(heard(&ben).await.is_empty());
        app.stranger().get("/me/now-playing").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_followers_keep_nobody_from_playing() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        shares(&nina, true).await;
        app.execute(&format!(
            "insert into streaming.account_follows select gen_random_uuid(), '{}', now() from generate_series(1, 600)",
            nina.id
        ))
        .await;
        let ada = app.listener("ada").await;
        follows(&ada, "nina").await;
        let mut live = ada.listens_to("/live", None).await;
        hears_now(&nina, &single.track).await;
        while live.next().await.expect("an event").name != "now_playing" {}
    })
    .await;
}
