//! Say yes or no to a share.

use serde_json::json;

use super::set_splits::{shares, told};
use crate::support::{Person, with_app};

async fn newest(person: &Person<'_>) -> String {
    let list = person.get("/me/splits").await.is(200).json();
    format!("/me/splits/{}", list["items"][0]["id"].as_str().expect("a share"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_may_become_a_yes_and_a_yes_holds() {
    with_app(async |app| {
        let (nina, ada, ben) = (app.artist("nina").await, app.listener("ada").await, app.listener("ben").await);
        let track = nina.drafts_a_single("Tides").await.track;
        let splits = async || nina.get(&format!("/tracks/{track}/splits")).await.is(200).json();
        shares(&nina, &track, "nina 60,ada 40").await.is(200);
        let share = newest(&ada).await;
        for person in [&nina, &ben] {
            person.put(&share, json!({ "confirmed": true })).await.is_problem(404, "not-found");
        }
        assert_eq!(ada.put(&share, json!({ "confirmed": false })).await.is(200).json()["state"], "declined");
        assert_eq!(told(&splits().await), ["nina 60.00 confirmed", "ada 40.00 declined"]);
        assert_eq!(ada.put(&share, json!({ "confirmed": true })).await.is(200).json()["state"], "confirmed");
        let answered = splits().await;
        assert_eq!((&answered["agreed"], answered["shares"][1]["answered_at"].is_string()), (&json!(true), true));
        ada.put(&share, json!({ "confirmed": true })).await.is(200);
        ada.put(&share, json!({ "confirmed": false })).await.is_problem(409, "split-confirmed");
        assert_eq!(splits().await, answered, "and it was confirmed when it was");
        ada.put(&share, json!({ "confirmed": "yes" })).await.is_invalid("confirmed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_another_share_than_the_one_of_today_is_none() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let track = nina.drafts_a_single("Tides").await.track;
        shares(&nina, &track, "nina 60,ada 40").await.is(200);
        let share = newest(&ada).await;
        shares(&nina, &track, "nina 99,ada 1").await.is(200);
        ada.put(&share, json!({ "confirmed": true })).await.is_problem(404, "not-found");
        assert_eq!(ada.get("/me/splits").await.json()["items"][0]["state"], "invited");
    })
    .await;
}
