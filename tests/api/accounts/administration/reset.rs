//! Take second factors away, and end all access.

use serde_json::json;

use super::{log_of, somebody};
use crate::support::{password, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_the_second_factor_gets_in_by_the_password_again() {
    with_app(async |app| {
        let (admin, ada) = (somebody(app, "boss", "admin").await, app.listener("ada").await);
        let factors = format!(
            "insert into accounts.totps (account_id, sealed_secret, confirmed_at) values ('{0}', '\\x00', now())",
            ada.id
        );
        app.execute(&factors).await;
        app.execute(&format!(
            "insert into accounts.recovery_codes (account_id, code_hash) values ('{}', sha256('x'))",
            ada.id
        ))
        .await;
        app.execute(&format!(
            "insert into accounts.passkeys (id, account_id, credential_id, name, credential)
             values (gen_random_uuid(), '{}', '\\x01', 'key', '{{}}')",
            ada.id
        ))
        .await;
        let credentials = json!({ "login": "ada", "password": password("ada") });
        app.stranger().post("/session", credentials.clone()).await.is_problem(401, "second-factor-required");
        let otto = app.listener("otto").await;
        admin.delete(&format!("/admin/accounts/{}/second-factors", ada.id)).await.is(204);
        ada.get("/me").await.is_problem(401, "unauthenticated");
        app.stranger().post("/session", credentials).await.is(201);
        for table in ["totps", "recovery_codes", "passkeys"] {
            let left = format!("select account_id::text as line from accounts.{table}");
            assert!(app.lines(&left).await.is_empty(), "{table}");
        }
        otto.get("/me").await.is(200);
        assert_eq!(log_of(app, &ada.id).await, ["second_factors_reset by boss"]);
        app.settle().await;
        assert!(!app.letters_to("ada@example.org").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_whose_access_ends_is_signed_out_everywhere() {
    with_app(async |app| {
        let (admin, ada) = (somebody(app, "boss", "admin").await, app.listener("ada").await);
        let elsewhere = app.site.signs_in("ada").await;
        let token = ada.post("/me/tokens", json!({ "name": "player", "scopes": ["read"] })).await.is(201).json();
        let program = app.site.holds(token["secret"].as_str().or(token["token"].as_str()).expect("a secret"));
        ada.post("/me/app-passwords", json!({ "name": "phone" })).await.is(201);
        program.get("/me").await.is(200);
        admin.delete(&format!("/admin/accounts/{}/sessions", ada.id)).await.is(204);
        for gone in [&ada, &elsewhere, &program] {
            gone.get("/me").await.is_problem(401, "unauthenticated");
        }
        assert!(app.lines("select name as line from accounts.app_passwords").await.is_empty());
        admin.get("/me").await.is(200);
        app.site.signs_in("ada").await.get("/me").await.is(200);
        assert_eq!(log_of(app, &ada.id).await[0], "access_revoked by boss");
    })
    .await;
}
