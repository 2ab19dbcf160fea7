//! Mark all notifications as read, up to one.

use serde_json::json;

use super::{ids, told, unread};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_came_meanwhile_stays_unread() {
    with_app(async |app| {
        let (_, ada) = told(app, &["Ebb", "Flow", "Tides"]).await;
        let ids = ids(&ada).await;
        ada.put("/notifications/read", json!({ "up_to": ids[1] })).await.is(204);
        let items = ada.walks("/notifications", 50).await;
        let unread: Vec<_> = items.iter().filter(|item| item["read_at"].is_null()).collect();
        assert_eq!((unread.len(), &unread[0]["title"]), (1, &json!("Tides")));
        ada.put("/notifications/read", json!({ "up_to": ids[0] })).await.is(204);
        assert_eq!(super::unread(&ada).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inboxes_of_others_stay_as_they_are() {
    with_app(async |app| {
        let (nina, ada) = told(app, &["Ebb"]).await;
        let up_to = ids(&ada).await[0].clone();
        nina.put("/notifications/read", json!({ "up_to": up_to })).await.is(204);
        assert_eq!(unread(&ada).await, 1);
        ada.put("/notifications/read", json!({ "up_to": "yesterday" })).await.is_invalid("up_to");
        ada.put("/notifications/read", json!({})).await.is_invalid("up_to");
        app.stranger().put("/notifications/read", json!({ "up_to": up_to })).await.is_problem(401, "unauthenticated");
    })
    .await;
}
