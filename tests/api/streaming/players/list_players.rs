//! List an account's players.

use chrono::TimeDelta;
use serde_json::json;

use super::announces;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn an_account_sees_those_of_its_players_that_are_there() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let phone = app.site.signs_in("ada").await;
        let kitchen = announces(&ada, "Kitchen").await;
        let pocket = announces(&phone, "Phone").await;
        announces(&ben, "Ben's").await;
        let listed = ada.get("/me/players").await.is(200).json();
        let found: Vec<_> = listed["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|player| (&player["id"], &player["is_this"]))
            .collect();
        assert_eq!(found, [(&json!(pocket), &json!(false)), (&json!(kitchen), &json!(true))]);
        // Who signs out is not there any more, whatever was said before; nor is who was not heard of for long.
        let tablet = app.site.signs_in("ada").await;
        let gone = announces(&tablet, "Tablet").await;
        tablet.delete("/session").await.is(204);
        assert_eq!(ada.get("/me/players").await.is(200).json()["items"].as_array().map(Vec::len), Some(2));
        ada.post(&format!("/me/players/{gone}/hand-over"), json!({ "items": [] })).await.is_problem(404, "not-found");
        app.platform.clock.advance(TimeDelta::seconds(200));
        announces(&ada, "Kitchen").await;
        app.platform.clock.advance(TimeDelta::seconds(200));
        let listed = ada.get("/me/players").await.is(200).json();
        assert_eq!((&listed["items"][0]["id"], listed["items"].as_array().map(Vec::len)), (&json!(kitchen), Some(1)));
    })
    .await;
}
