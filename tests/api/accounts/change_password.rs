//! Change one's password, or set the first one.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{App, password, with_app};

const NEW: &str = "a brand new secret";

async fn signs_in_with(app: &App, password: &str) -> u16 {
    app.stranger().post("/session", json!({ "login": "ada", "password": password })).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_password_signs_in_and_the_old_one_no_longer() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let change = json!({ "current_password": password("ada"), "password": NEW });
        ada.put("/me/password", change).await.is(204);
        assert_eq!((signs_in_with(app, &password("ada")).await, signs_in_with(app, NEW).await), (401, 201));
        let letter = app.letter_to("ada@example.org", "was changed").await;
        assert!(!letter.raw.contains(NEW));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_other_sessions_end_with_their_live_channels_and_streams_of_data() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let elsewhere = app.site.signs_in("ada").await;
        elsewhere.get("/me").await.is(200);
        let mut live = elsewhere.listens_to("/live", None).await;
        ada.put("/me/password", json!({ "current_password": password("ada"), "password": NEW })).await.is(204);
        elsewhere.get("/me").await.is_problem(401, "unauthenticated");
        let last = live.next_within(Duration::from_secs(5)).await;
        assert!(last.is_none_or(|event| event.name == "session.ended"));
        ada.get("/me").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_current_password_is_asked_for_unless_it_was_just_proved() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.put("/me/password", json!({ "password": NEW })).await.is(204);
        app.platform.clock.advance(TimeDelta::minutes(11));
        let newer = "an even newer secret";
        ada.put("/me/password", json!({ "password": newer })).await.is_problem(403, "reauthentication-required");
        let wrong = json!({ "current_password": password("ada"), "password": newer });
        ada.put("/me/password", wrong).await.is_problem(401, "wrong-credentials");
        ada.put("/me/password", json!({ "current_password": NEW, "password": newer })).await.is(204);
        assert_eq!((signs_in_with(app, NEW).await, signs_in_with(app, newer).await), (401, 201));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_current_password_counts_as_an_attempt() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let wrong = json!({ "current_password": "not the password", "password": NEW });
        for _ in 0..10 {
            ada.put("/me/password", wrong.clone()).await.is_problem(401, "wrong-credentials");
        }
        let answer = ada.put("/me/password", json!({ "current_password": password("ada"), "password": NEW })).await;
        answer.is_problem(429, "too-many-requests");
        assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_password_gets_its_first_one() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        app.execute("update accounts.accounts set password_hash = null").await;
        assert_eq!(ada.get("/me").await.json()["has_password"], false);
        let guess = json!({ "current_password": "", "password": NEW });
        ada.put("/me/password", guess).await.is_problem(401, "wrong-credentials");
        ada.put("/me/password", json!({ "password": NEW })).await.is(204);
        assert_eq!(signs_in_with(app, NEW).await, 201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_resets_the_password_is_void_afterwards() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        app.stranger().post("/password-resets", json!({ "login": "ada@example.org" })).await.is(202);
        let code = app.letter_to("ada@example.org", "new password").await.code();
        ada.put("/me/password", json!({ "password": NEW })).await.is(204);
        let late = app.stranger().put(&format!("/password-resets/{code}"), json!({ "password": "by a thief" })).await;
        late.is_problem(404, "not-found");
        assert_eq!(signs_in_with(app, NEW).await, 201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_guessed_first_or_holds_the_accounts_own_data_is_refused() {
    with_app(async |app| {
        let ada = app.listener("adalovelace").await;
        ada.patch("/me", json!({ "display_name": "Analytical" })).await.is(200);
        for bad in ["short", "password1", "adalovelace", "adalovelace@example.org", "analytical"] {
            ada.put("/me/password", json!({ "password": bad })).await.is_invalid("password");
        }
        ada.put("/me/password", json!({ "password": NEW, "role": "admin" })).await.is_invalid("role");
        app.stranger().put("/me/password", json!({ "password": NEW })).await.is_problem(401, "unauthenticated");
    })
    .await;
}
