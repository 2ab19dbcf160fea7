//! Create an API token.

use std::collections::HashSet;

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Person, send, with_app};

async fn creates(person: &Person<'_>, scopes: Value) -> Value {
    person.post("/me/tokens", json!({ "name": "my script", "scopes": scopes })).await.is(201).json()
}

/// What a program that has the token is answered.
async fn with_token(app: &App, token: &Value, method: Method, path: &str, body: Value) -> Answer {
    let request = app.stranger().request(method, path).bearer_auth(token["secret"].as_str().expect("a secret"));
    send(request.json(&body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_and_signs_in() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let answer = ada.post("/me/tokens", json!({ "name": "my script", "scopes": ["read"] })).await.is(201);
        assert_eq!(answer.header("cache-control"), "no-store");
        let token = answer.json();
        let secret = token["secret"].as_str().expect("a secret");
        assert!(secret.starts_with("legato_t_") && secret.len() == 58, "{secret}");
        assert_eq!((&token["scopes"], &token["expires_at"]), (&json!(["read"]), &json!(null)));
        assert!(secret.starts_with(token["hint"].as_str().expect("a hint")));
        let me = with_token(app, &token, Method::GET, "/me", json!(null)).await.is(200);
        assert_eq!(me.json()["handle"], "ada");
        let rows = app.lines("select to_jsonb(t)::text as line from accounts.api_tokens t").await.concat();
        assert!(!rows.contains(&secret[20..]), "{rows}");
        assert!(!ada.get("/me/tokens").await.is(200).text().contains(&secret[20..]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_does_only_what_its_scopes_say() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let reader = creates(&ada, json!(["read"])).await;
        let artist = json!({ "name": "Ada" });
        let refused = with_token(app, &reader, Method::POST, "/artists", artist.clone()).await;
        refused.is_problem(403, "scope-missing");
        let uploader = creates(&ada, json!(["upload"])).await;
        with_token(app, &uploader, Method::POST, "/artists", artist).await.is(201);
        with_token(app, &uploader, Method::GET, "/me", json!(null)).await.is_problem(403, "scope-missing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_touches_the_account_itself() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let token = creates(&ada, json!(["read", "listen", "library", "upload"])).await;
        let id = token["id"].as_str().expect("an id");
        for (method, path, body) in [
            (Method::GET, "/me/tokens".to_owned(), json!(null)),
            (Method::POST, "/me/tokens".to_owned(), json!({ "name": "more", "scopes": ["read"] })),
            (Method::DELETE, format!("/me/tokens/{id}"), json!(null)),
            (Method::GET, "/me/sessions".to_owned(), json!(null)),
            (Method::DELETE, "/me/sessions".to_owned(), json!(null)),
            (Method::PATCH, "/me".to_owned(), json!({ "display_name": "Eve" })),
            (Method::PUT, "/me/password".to_owned(), json!({ "password": "a brand new secret" })),
            (Method::PUT, "/me/handle".to_owned(), json!({ "handle": "eve" })),
            (Method::POST, "/me/email-changes".to_owned(), json!({ "email": "eve@example.org" })),
            (Method::POST, "/me/app-passwords".to_owned(), json!({ "name": "more" })),
        ] {
            with_token(app, &token, method, &path, body).await.is_problem(403, "session-needed");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_when_it_was_to_end() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let body = json!({ "name": "for a week", "scopes": ["read"], "expires_in_days": 7 });
        let token = ada.post("/me/tokens", body).await.is(201).json();
        app.platform.clock.advance(TimeDelta::days(7) - TimeDelta::minutes(1));
        with_token(app, &token, Method::GET, "/me", json!(null)).await.is(200);
        app.platform.clock.advance(TimeDelta::minutes(1));
        // What the server remembers of it is at most five seconds old.
        tokio::time::sleep(std::time::Duration::from_millis(5100)).await;
        with_token(app, &token, Method::GET, "/me", json!(null)).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_creates_one_has_just_proved_who_they_are() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        app.platform.clock.advance(TimeDelta::minutes(11));
        let body = json!({ "name": "my script", "scopes": ["read"] });
        ada.post("/me/tokens", body.clone()).await.is_problem(403, "reauthentication-required");
        app.stranger().post("/me/tokens", body).await.is_problem(401, "unauthenticated");
        assert!(app.lines("select name as line from accounts.api_tokens").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_a_token_more_than_they_have() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for scope in ["moderate", "admin"] {
            let body = json!({ "name": "my script", "scopes": ["read", scope] });
            ada.post("/me/tokens", body).await.is_invalid("scopes");
        }
        app.execute("update accounts.accounts set role = 'moderator'").await;
        creates(&ada, json!(["moderate"])).await;
        ada.post("/me/tokens", json!({ "name": "x", "scopes": ["admin"] })).await.is_invalid("scopes");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_field_is_named() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for (field, value) in [
            ("name", json!("")),
            ("name", json!("x".repeat(65))),
            ("name", json!("abc\u{202E}fed")),
            ("scopes", json!([])),
            ("scopes[0]", json!(["everything"])),
            ("expires_in_days", json!(0)),
            ("expires_in_days", json!(3651)),
            ("expires_in_days", json!(-1)),
            ("account_id", json!(ada.id)),
            ("secret", json!("legato_t_mine")),
        ] {
            let mut body = json!({ "name": "my script", "scopes": ["read"] });
            body[field.trim_end_matches("[0]")] = value;
            ada.post("/me/tokens", body).await.is_invalid(field);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_fifty_tokens_and_no_two_are_alike() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let mut secrets = HashSet::new();
        for _ in 0..49 {
            secrets.insert(creates(&ada, json!(["read"])).await["secret"].to_string());
        }
        assert_eq!(secrets.len(), 49);
        let body = json!({ "name": "the last one", "scopes": ["read"] });
        let (one, two) = tokio::join!(ada.post("/me/tokens", body.clone()), ada.post("/me/tokens", body));
        let refused = if one.status == 201 { two } else { one };
        refused.is_problem(409, "limit-reached");
    })
    .await;
}
