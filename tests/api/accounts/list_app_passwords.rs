//! List an account's app passwords.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_which_clients_they_made_passwords_for() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        for name in ["telephone", "car", "kitchen"] {
            ada.post("/me/app-passwords", json!({ "name": name })).await.is(201);
        }
        let passwords = ada.walks("/me/app-passwords", 2).await;
        let names: Vec<_> = passwords.iter().map(|one| one["name"].as_str().unwrap_or_default()).collect();
        assert_eq!(names, ["kitchen", "car", "telephone"]);
        assert!(passwords.iter().all(|one| one.get("password").is_none() && one["last_used_at"].is_null()));
        assert_eq!(ben.get("/me/app-passwords").await.is(200).json()["items"], json!([]));
        app.stranger().get("/me/app-passwords").await.is_problem(401, "unauthenticated");
    })
    .await;
}
