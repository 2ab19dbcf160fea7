//! Announce a player.

use serde_json::json;

use super::announces;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_player_says_what_it_is_called_as_often_as_it_likes() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let id = announces(&ada, " Kitchen ").await;
        assert_eq!(announces(&ada, "Living room").await, id);
        let listed = ada.get("/me/players").await.is(200).json();
        assert_eq!(
            (&listed["items"][0]["name"], listed["items"].as_array().map(Vec::len)),
            (&json!("Living room"), Some(1))
        );
        for name in ["", " ", "a\nb", &"x".repeat(101)] {
            let problem = ada.put("/me/players/this", json!({ "name": name })).await.is_problem(422, "invalid");
            assert_eq!(problem["field"], "name");
        }
        app.stranger().put("/me/players/this", json!({ "name": "x" })).await.is(401);
    })
    .await;
}
