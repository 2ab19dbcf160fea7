//! Leave a room.

use serde_json::json;

use super::{joins, opens, path, told};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_room_outlives_its_host_and_ends_with_the_last_one() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let room = opens(&ada, &[&single.track]).await;
        joins(&ben, &room).await;
        joins(&nina, &room).await;
        let mut live = ben.listens_to("/live", None).await;
        let way = format!("{}/membership", path(&room));
        ada.delete(&way).await.is(204);
        ada.delete(&way).await.is_problem(404, "not-found");
        ada.get(&path(&room)).await.is_problem(404, "not-found");
        told(&mut live, "room.changed").await;
        let seen = ben.get(&path(&room)).await.is(200).json();
        assert_eq!((&seen["is_host"], &seen["members"].as_array().map(Vec::len)), (&json!(true), &Some(2)));
        for person in [&ben, &nina] {
            person.delete(&way).await.is(204);
        }
        assert_eq!(app.lines("select id::text as line from streaming.rooms").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_leaves_every_room() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        let (alone, together) = (opens(&ada, &[&single.track]).await, opens(&ada, &[&single.track]).await);
        joins(&nina, &together).await;
        let event = json!({ "event": "accounts.account_closed.v1", "data": { "account": ada.id } });
        app.execute(&format!(
            "insert into platform.outbox (id, name, payload)
             values (gen_random_uuid(), 'accounts.account_closed.v1', '{event}')"
        ))
        .await;
        app.settle().await;
        let seen = nina.get(&path(&together)).await.is(200).json();
        assert_eq!((&seen["is_host"], &seen["members"].as_array().map(Vec::len)), (&json!(true), &Some(1)));
        let left = app.lines("select id::text as line from streaming.rooms").await;
        assert!(!left.contains(&alone["id"].as_str().expect("an id").to_owned()) && left.len() == 1, "{left:?}");
    })
    .await;
}
