//! List what an account has heard.

use serde_json::{Value, json};

use crate::support::{Person, with_app};

async fn titles(person: &Person<'_>, path: &str) -> Vec<Value> {
    person.walks(path, 2).await.iter().map(|heard| heard["track"]["title"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_heard_stands_in_ones_own_history_the_latest_first() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (tides, ebb) = (nina.publishes_a_single("Tides").await, nina.publishes_a_single("Ebb 50%").await);
        for track in [&tides.track, &ebb.track, &tides.track] {
            ada.hears(track).await;
        }
        // Nobody has heard what was only granted.
        ada.plays(&ebb.track).await;
        assert_eq!(titles(&ada, "/me/history").await, ["Tides", "Ebb 50%", "Tides"]);
        assert!(titles(&nina, "/me/history").await.is_empty());
        for (words, found) in [("ebb", 1), ("NINA", 3), ("0%", 1), ("%", 1), ("_", 0), ("nothing", 0), (" ", 3)] {
            let path = format!("/me/history?q={}", words.replace('%', "%25").replace(' ', "%20"));
            assert_eq!(titles(&ada, &path).await.len(), found, "{words}");
        }
        ada.get(&format!("/me/history?q={}", "x".repeat(201))).await.is_invalid("q");
        ada.get("/me/history?cursor=nonsense").await.is_invalid("cursor");
        app.stranger().get("/me/history").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_heard_no_longer_has_no_name_in_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        ada.hears(&single.track).await;
        nina.delete(&format!("/releases/{}/publication", single.release)).await.is(204);
        let heard = ada.get("/me/history").await.is(200).json();
        assert_eq!((&heard["items"][0]["track"], &heard["items"][0]["track_id"]), (&Value::Null, &json!(single.track)));
        assert_eq!(heard["items"][0]["heard_ms"], 30_000);
    })
    .await;
}
