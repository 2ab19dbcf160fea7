//! Delete an app password.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn an_app_password_is_deleted_by_its_owner_alone() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let made = ada.post("/me/app-passwords", json!({ "name": "my telephone" })).await.is(201).json();
        let path = format!("/me/app-passwords/{}", made["id"].as_str().expect("an id"));
        ben.delete(&path).await.is_problem(404, "not-found");
        app.stranger().delete(&path).await.is_problem(401, "unauthenticated");
        assert_eq!(app.lines("select name as line from accounts.app_passwords").await, ["my telephone"]);
        ada.delete(&path).await.is(204);
        ada.delete(&path).await.is_problem(404, "not-found");
        assert!(app.lines("select name as line from accounts.app_passwords").await.is_empty());
    })
    .await;
}
