//! Come into a room.

use serde_json::json;

use super::{joins, opens, path, told};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_key_comes_in_and_all_others_see_nothing() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let room = opens(&ada, &[&single.track]).await;
        let way = format!("{}/membership", path(&room));
        for key in ["", "AAAAAAAAAAAAAAAAAAAAAA", "nonsense"] {
            ben.put(&way, json!({ "key": key })).await.is_problem(404, "not-found");
        }
        ben.get(&path(&room)).await.is_problem(404, "not-found");
        let mut live = ada.listens_to("/live", None).await;
        let seen = joins(&ben, &room).await;
        assert_eq!((&seen["is_host"], &seen["may_steer"]), (&json!(false), &json!(false)));
        let handles: Vec<_> =
            seen["members"].as_array().expect("members").iter().map(|member| &member["account"]["handle"]).collect();
        assert_eq!(handles, ["ada", "ben"]);
        assert_eq!(told(&mut live, "room.changed").await["room_id"], room["id"]);
        // Twice is once.
        assert_eq!(joins(&ben, &room).await["members"].as_array().map(Vec::len), Some(2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_has_place_for_fifty() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let room = opens(&nina, &[&single.track]).await;
        let id = room["id"].as_str().expect("an id");
        app.execute(&format!(
            "insert into streaming.room_members (room_id, account_id, joined_at)
             select '{id}', gen_random_uuid(), now() from generate_series(1, 48)"
        ))
        .await;
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        joins(&ada, &room).await;
        let way = format!("{}/membership", path(&room));
        ben.put(&way, json!({ "key": room["key"] })).await.is_problem(409, "limit-reached");
        ben.get(&path(&room)).await.is_problem(404, "not-found");
    })
    .await;
}
