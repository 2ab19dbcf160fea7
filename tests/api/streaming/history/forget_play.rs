//! Forget one play.

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_play_that_is_forgotten_still_counts() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let play = ada.hears(&single.track).await;
        let path = format!("/me/history/{play}");
        nina.delete(&path).await.is_problem(404, "not-found");
        ada.delete(&path).await.is(204);
        ada.delete(&path).await.is_problem(404, "not-found");
        assert!(ada.walks("/me/history", 10).await.is_empty());
        let left = "select concat_ws(' ', account_id is null, qualified_at is not null) as line from streaming.plays";
        assert_eq!(app.lines(left).await, ["t t"]);
    })
    .await;
}
