//! Open an account.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{send, with_app, with_settings};

fn ada() -> Value {
    json!({ "handle": "ada", "email": "ada@example.org", "password": "analytical engine" })
}

fn ada_with(field: &str, value: impl Into<Value>) -> Value {
    let mut account = ada();
    account[field] = value.into();
    account
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_opens_an_account() {
    with_app(async |app| {
        let me = app.stranger().post("/accounts", ada()).await.is(201).json();
        assert!(me["id"].as_str().is_some_and(|id| id.len() == 36), "{me}");
        assert_eq!(me["handle"], "ada");
        assert_eq!(me["email"], "ada@example.org");
        assert_eq!(me["email_confirmed"], false);
        assert_eq!(me["role"], "listener");
        assert!(!me.to_string().contains("analytical"), "{me}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_and_an_address_are_taken_whatever_their_case() {
    with_app(async |app| {
        let stranger = app.stranger();
        stranger.post("/accounts", ada()).await.is(201);
        for (handle, email, slug) in [
            ("ada", "other@example.org", "handle-taken"),
            ("ADA", "other@example.org", "handle-taken"),
            ("other", "ada@example.org", "email-taken"),
            ("other", "Ada@Example.ORG", "email-taken"),
        ] {
            let twin = json!({ "handle": handle, "email": email, "password": "analytical engine" });
            stranger.post("/accounts", twin).await.is_problem(409, slug);
        }
        assert_eq!(app.lines("select handle as line from accounts.accounts").await, ["ada"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_want_the_same_handle_at_once_one_gets_it() {
    with_app(async |app| {
        let attempts = (0..6).map(async |number| {
            let account = ada_with("email", format!("ada{number}@example.org"));
            app.stranger().post("/accounts", account).await.status
        });
        let mut statuses = futures_util::future::join_all(attempts).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_field_is_named() {
    with_app(async |app| {
        let stranger = app.stranger();
        for (field, value) in [
            ("handle", json!("a")),
            ("handle", json!("-ada")),
            ("handle", json!("0190b2f0-c0de-7000-8000-00000000cafe")),
            ("handle", json!("../ada")),
            ("handle", json!(7)),
            ("email", json!("ada")),
            ("email", json!("ada@example.org\r\nBcc: all@example.org")),
            ("password", json!("short")),
            ("password", json!("x".repeat(257))),
        ] {
            stranger.post("/accounts", ada_with(field, value)).await.is_invalid(field);
        }
        for field in ["handle", "email", "password"] {
            let mut account = ada();
            account.as_object_mut().expect("an object").remove(field);
            stranger.post("/accounts", account).await.is_invalid(field);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_opens_an_account_with_more_than_they_are_asked_for() {
    with_app(async |app| {
        for field in ["role", "id", "email_confirmed", "created_at", "colour"] {
            app.stranger().post("/accounts", ada_with(field, "admin")).await.is_invalid(field);
        }
        assert!(app.lines("select handle as line from accounts.accounts").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_json_is_malformed() {
    with_app(async |app| {
        let request = || app.stranger().request(Method::POST, "/accounts");
        for body in ["", "{", "{\"handle\": }", "handle=ada", "\u{0}"] {
            let request = request().header("content-type", "application/json").body(body);
            send(request).await.is_problem(400, "malformed");
        }
        let form = request().header("content-type", "application/x-www-form-urlencoded").body("handle=ada");
        send(form).await.is_problem(400, "malformed");
        send(request().header("content-type", "text/plain").body(ada().to_string())).await.is_problem(400, "malformed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_huge_body_is_refused() {
    with_app(async |app| {
        let account = ada_with("password", "x".repeat(300 * 1024));
        app.stranger().post("/accounts", account).await.is_problem(413, "body-too-large");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_holds_no_password() {
    with_app(async |app| {
        app.stranger().post("/accounts", ada()).await.is(201);
        let rows = app.lines("select to_jsonb(a)::text as line from accounts.accounts a").await.concat();
        assert!(rows.contains("$argon2id$") && !rows.contains("analytical engine"), "{rows}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_guessed_first_is_refused() {
    with_app(async |app| {
        for password in ["password", "Passw0rd", "12345678", "qwertyuiop", "ada@example.org", "aaaaaaaaaaaaaaaa"] {
            app.stranger().post("/accounts", ada_with("password", password)).await.is_invalid("password");
        }
        // Rules of composition there are none.
        app.stranger().post("/accounts", ada_with("password", "all small letters")).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_the_same_however_its_letters_are_composed() {
    with_app(async |app| {
        app.stranger().post("/accounts", ada_with("password", "Gr\u{fc}\u{df}e an alle")).await.is(201);
        let typed = json!({ "login": "ada", "password": "Gru\u{308}\u{df}e an alle" });
        app.stranger().post("/session", typed).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_of_the_house_is_reserved() {
    with_app(async |app| {
        for handle in ["admin", "Legato", "support", "me"] {
            app.stranger().post("/accounts", ada_with("handle", handle)).await.is_problem(409, "handle-reserved");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_server_takes_nobody() {
    with_settings(&[("registration", "closed")], async |app| {
        app.stranger().post("/accounts", ada()).await.is_problem(403, "registration-closed");
        assert!(app.lines("select handle as line from accounts.accounts").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_opens_as_many_accounts_as_it_says() {
    with_settings(&[("registration", "invitation")], async |app| {
        app.stranger().post("/accounts", ada()).await.is_problem(403, "invitation-needed");
        app.execute(
            "insert into accounts.invitations (id, code_hash, uses_left, expires_at)
             values (gen_random_uuid(), sha256('welcome'), 1, now() + interval '1 day')",
        )
        .await;
        app.stranger().post("/accounts", ada_with("invitation", "welcom")).await.is_problem(403, "invitation-needed");
        // A refused registration uses nothing up.
        let mut clash = ada_with("invitation", "welcome");
        clash["password"] = "password".into();
        app.stranger().post("/accounts", clash).await.is_invalid("password");
        app.stranger().post("/accounts", ada_with("invitation", "welcome")).await.is(201);
        let mut second = ada_with("invitation", "welcome");
        (second["handle"], second["email"]) = ("bob".into(), "bob@example.org".into());
        app.stranger().post("/accounts", second).await.is_problem(403, "invitation-needed");
    })
    .await;
}
