//! The shares that one was given.

use serde_json::json;

use super::set_splits::shares;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_their_own_shares() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (first, second) = (nina.drafts_a_single("Tides").await, nina.drafts_a_single("Dew").await);
        shares(&nina, &first.track, "nina 60,ada 40").await.is(200);
        shares(&nina, &second.track, "ada 100").await.is(200);
        let own = ada.walks("/me/splits", 1).await;
        assert_eq!((&own[0]["track"]["title"], &own[0]["percent"]), (&json!("Dew"), &json!("100.00")));
        assert_eq!((&own[1]["artist"]["slug"], &own[1]["state"]), (&json!("nina"), &json!("invited")));
        assert_eq!(own.len(), 2);
        assert_eq!(nina.walks("/me/splits", 50).await.len(), 1);
        app.stranger().get("/me/splits").await.is_problem(401, "unauthenticated");
    })
    .await;
}
