//! Give an account a role.

use serde_json::{Value, json};

use super::{log_of, somebody};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_role_ends_the_sessions_and_is_in_the_log() {
    with_app(async |app| {
        let (admin, ada) = (somebody(app, "boss", "admin").await, app.listener("ada").await);
        let path = format!("/admin/accounts/{}", ada.id);
        ada.get("/me").await.is(200);
        let changed = admin.patch(&path, json!({ "role": "moderator" })).await.is(200).json();
        assert_eq!((&changed["role"], &changed["session_count"]), (&json!("moderator"), &json!(0)), "{changed}");
        ada.get("/me").await.is_problem(401, "unauthenticated");
        let ada = app.site.signs_in("ada").await;
        assert_eq!(ada.get("/me").await.is(200).json()["role"], "moderator");
        // The same again is nothing.
        admin.patch(&path, json!({ "role": "moderator" })).await.is(200);
        ada.get("/me").await.is(200);
        assert_eq!(log_of(app, &ada.id).await, ["role_changed by boss"]);
        let own = ada.get("/me/audit-log").await.is(200).json();
        assert_eq!(own["items"][0]["detail"], json!({ "from": "listener", "to": "moderator" }), "{own}");
        assert_eq!(own["items"][0]["by_me"], false);
        assert!(!own.to_string().contains(&admin.id), "{own}");
        let log = admin.walks(&format!("{path}/audit-log"), 1).await;
        assert_eq!((log.len(), &log[0]["actor_id"]), (1, &json!(admin.id)), "{log:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_role_is_taken() {
    with_app(async |app| {
        let (admin, ada) = (somebody(app, "boss", "admin").await, app.listener("ada").await);
        let path = format!("/admin/accounts/{}", ada.id);
        for field in ["email", "handle", "id", "password", "suspended_at", "email_confirmed", "created_at"] {
            let mut body = json!({ "role": "admin" });
            body[field] = "x".into();
            admin.patch(&path, body).await.is_invalid(field);
        }
        admin.patch(&path, json!({ "role": "king" })).await.is_invalid("role");
        admin.patch(&path, json!({ "role": Value::Null })).await.is_invalid("role");
        assert_eq!(admin.get(&path).await.is(200).json()["role"], "listener");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_keeps_an_administrator() {
    with_app(async |app| {
        let (ada, otto) = (somebody(app, "ada", "admin").await, somebody(app, "otto", "admin").await);
        let (adas, ottos) = (format!("/admin/accounts/{}", ada.id), format!("/admin/accounts/{}", otto.id));
        // Each takes the other's role at the same moment.
        let (first, second) = tokio::join!(
            ada.patch(&ottos, json!({ "role": "listener" })),
            otto.patch(&adas, json!({ "role": "listener" }))
        );
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        // The slower one is no administrator any more, or has no session.
        assert!(statuses[0] == 200 && [401, 403].contains(&statuses[1]), "{statuses:?}");
        let admins = "select handle as line from accounts.accounts where role = 'admin'";
        let left = app.lines(admins).await;
        assert_eq!(left.len(), 1, "{left:?}");
        let last = app.site.signs_in(&left[0]).await;
        let own = format!("/admin/accounts/{}", last.id);
        last.patch(&own, json!({ "role": "moderator" })).await.is_problem(409, "last-admin");
        last.get("/admin/accounts").await.is(200);
    })
    .await;
}
