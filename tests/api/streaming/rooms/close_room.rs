//! Close a room.

use super::{joins, opens, path, told};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn its_host_closes_it_for_everybody() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        let room = opens(&nina, &[&single.track]).await;
        ada.delete(&path(&room)).await.is_problem(404, "not-found");
        joins(&ada, &room).await;
        ada.delete(&path(&room)).await.is(403);
        let mut live = ada.listens_to("/live", None).await;
        nina.delete(&path(&room)).await.is(204);
        assert_eq!(told(&mut live, "room.closed").await["room_id"], room["id"]);
        ada.get(&path(&room)).await.is_problem(404, "not-found");
    })
    .await;
}
