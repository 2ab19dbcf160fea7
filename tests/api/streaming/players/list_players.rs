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
        app.platform.clock.advance(TimeDelta::seconds(200));
        announces(&ada, "Kitchen").await;
        app.platform.clock.advance(TimeDelta::seconds(200));
        let listed = ada.get("/me/players").await.is(200).json();
        assert_eq!((&listed["items"][0]["id"], listed["items"].as_array().map(Vec::len)), (&json!(kitchen), Some(1)));
    })
    .await;
}
