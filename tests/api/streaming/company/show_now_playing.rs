//! Show what an account hears now.

use serde_json::{Value, json};

use super::{follows, hears_now, shares};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_an_account_hears_is_for_its_followers() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        shares(&ben, true).await;
        hears_now(&ben, &single.track).await;
        let path = "/accounts/ben/following";
        assert_eq!(ada.get(path).await.is(200).json(), json!({ "is_followed": false, "now_playing": Value::Null }));
        follows(&ada, "ben").await;
        let shown = ada.get(path).await.is(200).json();
        assert_eq!((&shown["is_followed"], &shown["now_playing"]["track"]["title"]), (&json!(true), &json!("Tides")));
        ben.delete(&format!("/me/followers/{}", ada.id)).await.is(204);
        assert_eq!(ada.get(path).await.json()["now_playing"], Value::Null);
        ada.get("/accounts/nobody/following").await.is_problem(404, "not-found");
        app.stranger().get(path).await.is_problem(401, "unauthenticated");
    })
    .await;
}
