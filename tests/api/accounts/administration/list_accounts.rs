//! List the accounts of this server, and look at one.

use serde_json::json;

use super::somebody;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_found_by_handle_address_role_and_state() {
    with_app(async |app| {
        let admin = somebody(app, "boss", "admin").await;
        for handle in ["ada", "adam", "eve"] {
            app.listener(handle).await;
        }
        app.site.signs_in("eve").await.delete("/me").await.is(202);
        app.execute(
            "update accounts.accounts set suspended_at = now(), suspension_reason = 'Spam' where handle = 'adam'",
        )
        .await;
        let found = async |query: &str| {
            let items = admin.walks(&format!("/admin/accounts?{query}"), 2).await;
            let handles = items.iter().map(|item| item["handle"].as_str().expect("a handle").to_owned());
            handles.collect::<Vec<_>>()
        };
        assert_eq!(found("").await, ["eve", "adam", "ada", "boss"]);
        assert_eq!(found("q=ADA").await, ["adam", "ada"]);
        assert_eq!(found("q=eve%40example").await, ["eve"]);
        assert_eq!(found("role=admin").await, ["boss"]);
        assert_eq!(found("state=suspended").await, ["adam"]);
        assert_eq!(found("state=closing&q=e").await, ["eve"]);
        assert_eq!(found("state=active").await, ["ada", "boss"]);
        // Letters that SQL knows are letters.
        assert!(found("q=%25").await.is_empty() && found("q=_").await.is_empty());
        admin.get("/admin/accounts?role=king").await.is_invalid("role");
        admin.get("/admin/accounts?state=gone").await.is_invalid("state");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_shows_how_it_is_secured_and_no_secret() {
    with_app(async |app| {
        let (admin, ada) = (somebody(app, "boss", "admin").await, app.listener("ada").await);
        ada.post("/me/tokens", json!({ "name": "player", "scopes": ["read"] })).await.is(201);
        let seen = admin.get(&format!("/admin/accounts/{}", ada.id)).await.is(200);
        let account = seen.json();
        assert_eq!(account["email"], "ada@example.org");
        assert_eq!((&account["session_count"], &account["token_count"]), (&json!(1), &json!(1)), "{account}");
        assert_eq!((&account["has_password"], &account["has_totp"]), (&json!(true), &json!(false)), "{account}");
        assert_eq!((&account["state"], &account["role"]), (&json!("active"), &json!("listener")), "{account}");
        assert!(!seen.text().contains("argon2") && !seen.text().contains("hash"), "{account}");
    })
    .await;
}
