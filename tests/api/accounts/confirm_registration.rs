//! Confirm the address of a registration, where the server asks for that.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Answer, App, password, with_settings};

const CONFIRMING: &[(&str, &str)] = &[("email_confirmation", "true")];

async fn registers(app: &App, handle: &str, email: &str) -> Answer {
    let account = json!({ "handle": handle, "email": email, "password": password(handle) });
    app.stranger().post("/accounts", account).await
}

async fn handles(app: &App) -> Vec<String> {
    app.lines("select handle as line from accounts.accounts order by handle").await
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_an_account_once_its_address_is_confirmed() {
    with_settings(CONFIRMING, async |app| {
        let answer = registers(app, "ada", "ada@example.org").await.is(202);
        assert!(answer.body.is_empty());
        assert!(handles(app).await.is_empty());
        let code = app.letter_to("ada@example.org", "").await.code();
        let credentials = json!({ "login": "ada", "password": password("ada") });
        app.stranger().post("/session", credentials.clone()).await.is_problem(401, "wrong-credentials");
        let path = format!("/registrations/{code}");
        let me = app.stranger().put(&path, json!({})).await.is(201).json();
        assert_eq!((&me["handle"], &me["email_confirmed"]), (&json!("ada"), &json!(true)));
        app.stranger().post("/session", credentials).await.is(201);
        // A code is taken once.
        app.stranger().put(&path, json!({})).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_address_gets_the_same_answer_and_another_letter() {
    with_settings(CONFIRMING, async |app| {
        registers(app, "ada", "ada@example.org").await.is(202);
        let code = app.letter_to("ada@example.org", "").await.code();
        app.stranger().put(&format!("/registrations/{code}"), json!({})).await.is(201);
        let (known, unknown) =
            (registers(app, "eve", "ada@example.org").await, registers(app, "bob", "bob@example.org").await);
        assert_eq!((known.status, known.body), (unknown.status, unknown.body));
        // Both handles wait: that a handle is free tells nothing either.
        registers(app, "eve", "eve@example.org").await.is_problem(409, "handle-taken");
        registers(app, "bob", "eve@example.org").await.is_problem(409, "handle-taken");
        app.settle().await;
        let letter = app.letters_to("ada@example.org").pop().expect("a letter");
        assert!(!letter.text.contains("/confirm-registration#"), "{}", letter.text);
        assert_eq!(handles(app).await, ["ada"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_confirms_frees_its_handle() {
    with_settings(CONFIRMING, async |app| {
        registers(app, "ada", "ada@example.org").await.is(202);
        let code = app.letter_to("ada@example.org", "").await.code();
        app.platform.clock.advance(TimeDelta::days(8));
        app.stranger().put(&format!("/registrations/{code}"), json!({})).await.is_problem(404, "not-found");
        registers(app, "ada", "lovelace@example.org").await.is(202);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_code_confirms_nothing() {
    with_settings(CONFIRMING, async |app| {
        registers(app, "ada", "ada@example.org").await.is(202);
        for code in ["x", "legato_l_AAAA", "%00", &"a".repeat(5000)] {
            let answer = app.stranger().put(&format!("/registrations/{code}"), json!({})).await;
            assert_eq!(answer.status, 404, "{code}: {}", answer.text());
        }
        assert!(handles(app).await.is_empty());
    })
    .await;
}
