//! List the rooms that an account is in.

use serde_json::json;

use super::{joins, opens};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn an_account_finds_its_rooms_again_and_no_others() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        let first = opens(&nina, &[&single.track]).await;
        let second = opens(&ada, &[&single.track]).await;
        joins(&ada, &first).await;
        let listed = ada.get("/rooms").await.is(200).json();
        let found: Vec<_> = listed["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|room| (&room["id"], &room["is_host"], &room["member_count"], &room["is_playing"]))
            .collect();
        let (yes, no) = (json!(true), json!(false));
        assert_eq!(found, [(&second["id"], &yes, &json!(1), &no), (&first["id"], &no, &json!(2), &no)]);
        assert_eq!(nina.get("/rooms").await.is(200).json()["items"].as_array().map(Vec::len), Some(1));
    })
    .await;
}
