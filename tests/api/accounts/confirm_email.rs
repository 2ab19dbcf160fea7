//! Confirm the address of an account.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Person, with_app};

const SUBJECT: &str = "Is this your address?";

async fn is_confirmed(person: &Person<'_>) -> bool {
    person.get("/me").await.is(200).json()["email_confirmed"] == true
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_confirms_the_address_of_a_new_account_once() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let code = app.letter_to("ada@example.org", SUBJECT).await.code();
        assert!(code.starts_with("legato_l_") && code.len() > 50, "{code}");
        assert!(!is_confirmed(&ada).await);
        let confirmation = format!("/email-confirmations/{code}");
        app.stranger().put(&confirmation, json!({})).await.is(204);
        assert!(is_confirmed(&ada).await);
        app.stranger().put(&confirmation, json!({})).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_use_a_code_at_once_one_is_told_that_it_is_gone() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let code = app.letter_to("ada@example.org", SUBJECT).await.code();
        let uses =
            (0..4).map(async |_| app.stranger().put(&format!("/email-confirmations/{code}"), json!({})).await.status);
        let mut statuses = futures_util::future::join_all(uses).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 404, 404, 404]);
        assert!(is_confirmed(&ada).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_wrong_old_or_for_something_else_confirms_nothing() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let code = app.letter_to("ada@example.org", SUBJECT).await.code();
        for wrong in ["x", "legato_l_", &code[..code.len() - 1], "%00", "..%2f"] {
            app.stranger().put(&format!("/email-confirmations/{wrong}"), json!({})).await.is_problem(404, "not-found");
        }
        let new = json!({ "password": "an entirely new one" });
        app.stranger().put(&format!("/password-resets/{code}"), new).await.is_problem(404, "not-found");
        app.platform.clock.advance(TimeDelta::days(7));
        app.stranger().put(&format!("/email-confirmations/{code}"), json!({})).await.is_problem(404, "not-found");
        assert!(!is_confirmed(&ada).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_confirms_no_address_but_the_one_that_it_was_sent_to() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let code = app.letter_to("ada@example.org", SUBJECT).await.code();
        app.execute("update accounts.accounts set email = 'ada@other.example' where handle = 'ada'").await;
        app.stranger().put(&format!("/email-confirmations/{code}"), json!({})).await.is_problem(404, "not-found");
        assert!(!is_confirmed(&ada).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_again_gets_another_letter_and_the_first_one_is_void() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let first = app.letter_to("ada@example.org", SUBJECT).await.code();
        ada.post("/me/email-confirmations", json!({})).await.is(202);
        app.settle().await;
        let letters = app.letters_to("ada@example.org");
        assert_eq!(letters.len(), 2);
        app.stranger().put(&format!("/email-confirmations/{first}"), json!({})).await.is_problem(404, "not-found");
        app.stranger().put(&format!("/email-confirmations/{}", letters[1].code()), json!({})).await.is(204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_confirmed_gets_no_other_letter() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let code = app.letter_to("ada@example.org", SUBJECT).await.code();
        app.stranger().put(&format!("/email-confirmations/{code}"), json!({})).await.is(204);
        ada.post("/me/email-confirmations", json!({})).await.is(202);
        app.settle().await;
        assert_eq!(app.letters_to("ada@example.org").len(), 1);
        app.stranger().post("/me/email-confirmations", json!({})).await.is_problem(401, "unauthenticated");
    })
    .await;
}
