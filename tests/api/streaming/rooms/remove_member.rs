//! Show somebody out of a room.

use serde_json::json;

use super::{joins, opens, path, told};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_shown_out_hears_of_it_and_has_no_key_any_more() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let room = opens(&ada, &[&single.track]).await;
        joins(&ben, &room).await;
        joins(&nina, &room).await;
        let member = |person: &crate::support::Person<'_>| format!("{}/members/{}", path(&room), person.id);
        ben.delete(&member(&nina)).await.is(403);
        app.listener("eve").await.delete(&member(&nina)).await.is_problem(404, "not-found");
        let mut live = ben.listens_to("/live", None).await;
        ada.delete(&member(&ben)).await.is(204);
        assert_eq!(told(&mut live, "room.closed").await["room_id"], room["id"]);
        ada.delete(&member(&ben)).await.is_problem(404, "not-found");
        ada.delete(&member(&ada)).await.is_problem(404, "not-found");
        let way = format!("{}/membership", path(&room));
        ben.put(&way, json!({ "key": room["key"] })).await.is_problem(404, "not-found");
        // Whoever is in it tells another the new one.
        let now = nina.get(&path(&room)).await.is(200).json();
        assert_ne!(now["key"], room["key"]);
        joins(&ben, &now).await;
    })
    .await;
}
