//! What moderators and administrators do to accounts of others.

mod command_line;
mod invitations;
mod list_accounts;
mod reset;
mod set_role;
mod suspension;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, Person, send, with_app};

/// Somebody with a role, and a session that is younger than it.
async fn somebody<'a>(app: &'a App, handle: &str, role: &str) -> Person<'a> {
    app.listener(handle).await;
    app.execute(&format!("update accounts.accounts set role = '{role}' where handle = '{handle}'")).await;
    app.site.signs_in(handle).await
}

/// The actions in an account's log, newest first, with who did them.
async fn log_of(app: &App, id: &str) -> Vec<String> {
    let log = format!(
        "select action || ' by ' || coalesce((select handle from accounts.accounts where id = actor_id), 'the command line')
         as line from accounts.audit_log where account_id = '{id}' order by id desc"
    );
    app.lines(&log).await
}

/// Everything that only administrators may do, and what moderators may; with a body that is right.
fn acts(target: &str, invitation: &str) -> Vec<(Method, String, Option<Value>, bool)> {
    let of = |rest: &str| format!("/admin/accounts/{target}{rest}");
    vec![
        (Method::GET, "/admin/accounts".into(), None, false),
        (Method::GET, of(""), None, false),
        (Method::GET, of("/audit-log"), None, false),
        (Method::PATCH, of(""), Some(json!({ "role": "moderator" })), false),
        (Method::DELETE, of("/second-factors"), None, false),
        (Method::DELETE, of("/sessions"), None, false),
        (Method::GET, "/admin/invitations".into(), None, false),
        (Method::POST, "/admin/invitations".into(), Some(json!({})), false),
        (Method::DELETE, format!("/admin/invitations/{invitation}"), None, false),
        (Method::PUT, format!("/accounts/{target}/suspension"), Some(json!({ "reason": "Spam." })), true),
        (Method::DELETE, format!("/accounts/{target}/suspension"), None, true),
    ]
}

async fn act(person: &Person<'_>, (method, path, body, _): &(Method, String, Option<Value>, bool)) -> u16 {
    let request = person.request(method.clone(), path);
    let answer = match body {
        Some(body) => send(request.json(body)).await,
        None => send(request).await,
    };
    answer.status
}

#[tokio::test(flavor = "multi_thread")]
async fn each_act_is_open_to_its_role_and_to_no_other() {
    with_app(async |app| {
        let target = app.listener("target").await.id;
        let admin = somebody(app, "boss", "admin").await;
        let (moderator, listener) = (somebody(app, "judge", "moderator").await, app.listener("listener").await);
        let invitation = admin.post("/admin/invitations", json!({})).await.is(201).json();
        let invitation = invitation["id"].as_str().expect("an id");
        for one in acts(&target, invitation) {
            let is_a_moderators = one.3;
            assert_eq!(act(&app.stranger(), &one).await, 401, "a stranger: {one:?}");
            assert_eq!(act(&listener, &one).await, 403, "a listener: {one:?}");
            if !is_a_moderators {
                assert_eq!(act(&moderator, &one).await, 403, "a moderator: {one:?}");
            }
        }
        let role = format!("select role as line from accounts.accounts where id = '{target}'");
        assert_eq!(app.lines(&role).await, ["listener"]);
        assert!(log_of(app, &target).await.is_empty());
        for one in acts(&target, invitation) {
            let status = act(&admin, &one).await;
            assert!((200..=204).contains(&status), "an administrator: {status} {one:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_needs_the_scope_beside_the_role() {
    with_app(async |app| {
        let target = app.listener("target").await.id;
        let admin = somebody(app, "boss", "admin").await;
        let token = async |scopes: Value| {
            let token = admin.post("/me/tokens", json!({ "name": "script", "scopes": scopes })).await.is(201).json();
            token["secret"].as_str().or(token["token"].as_str()).expect("a secret").to_owned()
        };
        let (reader, scripts) = (token(json!(["read"])).await, token(json!(["admin", "moderate"])).await);
        let (reader, scripts) = (app.site.holds(&reader), app.site.holds(&scripts));
        for one in acts(&target, &target) {
            assert_eq!(act(&reader, &one).await, 403, "{one:?}");
        }
        scripts.get("/admin/accounts").await.is(200);
        scripts.put(&format!("/accounts/{target}/suspension"), json!({ "reason": "Spam." })).await.is(204);
        app.execute("update accounts.accounts set role = 'listener' where handle = 'boss'").await;
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        scripts.get("/admin/accounts").await.is_problem(403, "forbidden");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demotion_holds_before_anybody_has_heard_of_it() {
    with_app(async |app| {
        let target = app.listener("target").await.id;
        somebody(app, "second", "admin").await;
        let (admin, moderator) = (somebody(app, "boss", "admin").await, somebody(app, "judge", "moderator").await);
        // Both are known to the server with their roles for some seconds yet.
        admin.get("/admin/accounts").await.is(200);
        moderator.get("/me").await.is(200);
        app.execute("update accounts.accounts set role = 'listener' where handle in ('boss', 'judge')").await;
        for one in acts(&target, &target).iter().filter(|(method, ..)| *method != Method::GET) {
            assert_eq!(act(&admin, one).await, 403, "{one:?}");
        }
        let suspension = format!("/accounts/{target}/suspension");
        moderator.put(&suspension, json!({ "reason": "Spam." })).await.is_problem(403, "forbidden");
        assert!(log_of(app, &target).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_nobody_knows_is_not_found() {
    with_app(async |app| {
        let admin = somebody(app, "boss", "admin").await;
        for id in ["0190b2f0-c0de-7000-8000-00000000cafe", "nobody"] {
            for one in acts(id, id) {
                let is_a_list = one.1.ends_with("/audit-log") || one.1.ends_with("s");
                if one.1.contains(id) && !(is_a_list && one.0 == Method::GET) {
                    assert_eq!(act(&admin, &one).await, 404, "{one:?}");
                }
            }
        }
    })
    .await;
}
