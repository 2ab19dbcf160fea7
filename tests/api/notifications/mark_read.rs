//! Mark a notification as read.

use serde_json::json;

use super::{ids, told, unread};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_stays_read_from_the_first_time() {
    with_app(async |app| {
        let (_, ada) = told(app, &["Ebb", "Flow"]).await;
        let path = format!("/notifications/{}/read", ids(&ada).await[0]);
        ada.put(&path, json!({})).await.is(204);
        let read_at = async || ada.get("/notifications").await.json()["items"][0]["read_at"].clone();
        let first = read_at().await;
        assert!(first.is_string());
        ada.put(&path, json!({})).await.is(204);
        assert_eq!((read_at().await, unread(&ada).await), (first, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_the_notifications_of_others() {
    with_app(async |app| {
        let (nina, ada) = told(app, &["Ebb"]).await;
        let path = format!("/notifications/{}/read", ids(&ada).await[0]);
        nina.put(&path, json!({})).await.is_problem(404, "not-found");
        app.stranger().put(&path, json!({})).await.is_problem(401, "unauthenticated");
        for id in ["nonsense", "0190b2f0-c0de-7000-8000-00000000cafe"] {
            ada.put(&format!("/notifications/{id}/read"), json!({})).await.is_problem(404, "not-found");
        }
        assert_eq!(unread(&ada).await, 1);
    })
    .await;
}
