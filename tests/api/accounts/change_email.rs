//! Change an account's e-mail address.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{App, Person, with_app};

const OLD: &str = "ada@example.org";
const NEW: &str = "countess@example.org";

/// Somebody whose address was confirmed.
async fn known(app: &App) -> Person<'_> {
    let ada = app.listener("ada").await;
    app.execute("update accounts.accounts set email_confirmed_at = now()").await;
    ada
}

async fn asks(person: &Person<'_>, email: &str) {
    person.post("/me/email-changes", json!({ "email": email })).await.is(202);
}

async fn confirms(app: &App, code: &str) -> crate::support::Answer {
    app.stranger().put(&format!("/email-changes/{code}"), json!({})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_changes_when_the_letter_to_the_new_one_was_answered() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        asks(&ada, "Countess@Example.org").await;
        let (page, code) = app.letter_to(NEW, "Confirm your new").await.link();
        assert!(page.ends_with("/change-email"), "{page}");
        assert_eq!(ada.get("/me").await.json()["email"], OLD);
        confirms(app, &code).await.is(204);
        let me = ada.get("/me").await.is(200).json();
        assert_eq!((&me["email"], &me["email_confirmed"]), (&json!(NEW), &json!(true)));
        confirms(app, &code).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_addresses_are_told_and_the_old_one_has_a_way_back() {
    with_app(async |app| {
        let ada = known(app).await;
        asks(&ada, NEW).await;
        confirms(app, &app.letter_to(NEW, "Confirm your new").await.code()).await.is(204);
        let letter = app.letter_to(OLD, "has a new address").await;
        assert!(letter.link().0.ends_with("/restore-email") && !letter.code().is_empty(), "{}", letter.text);
        assert!(letter.text.contains(NEW), "{}", letter.text);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_nobody_ever_confirmed_is_told_and_gets_no_way_back() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        asks(&ada, NEW).await;
        confirms(app, &app.letter_to(NEW, "Confirm your new").await.code()).await.is(204);
        let letter = app.letter_to(OLD, "belongs to no account").await;
        assert!(letter.link().0.ends_with("/sign-in") && letter.code().is_empty(), "{}", letter.text);
        // It may be a stranger's, who need not know where the account has gone.
        assert!(!letter.raw.contains(NEW), "{}", letter.raw);
        let ways = app.lines("select purpose as line from accounts.letter_codes where purpose = 'restore_email'").await;
        assert!(ways.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_whether_an_address_is_taken() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let ask = async |email: &str| ada.post("/me/email-changes", json!({ "email": email })).await.is(202);
        let (taken, free) = (ask("ben@example.org").await, ask("nobody@example.org").await);
        assert_eq!((taken.text(), taken.header("content-type")), (free.text(), free.header("content-type")));
        app.settle().await;
        let to_ben = app.letters_to("ben@example.org");
        assert!(to_ben.iter().all(|letter| !letter.link().0.contains("change-email")), "{to_ben:#?}");
        assert_eq!(ben.get("/me").await.json()["email"], "ben@example.org");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_was_taken_meanwhile_is_refused_to_whoever_reads_its_letters() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        asks(&ada, NEW).await;
        let code = app.letter_to(NEW, "Confirm your new").await.code();
        let newcomer = json!({ "handle": "countess", "email": NEW, "password": "quite another secret" });
        app.stranger().post("/accounts", newcomer).await.is(201);
        confirms(app, &code).await.is_problem(409, "email-taken");
        assert_eq!(ada.get("/me").await.json()["email"], OLD);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_works_for_a_day_and_only_the_newest() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        asks(&ada, "first@example.org").await;
        let first = app.letter_to("first@example.org", "Confirm your new").await.code();
        asks(&ada, "second@example.org").await;
        let second = app.letter_to("second@example.org", "Confirm your new").await.code();
        confirms(app, &first).await.is_problem(404, "not-found");
        app.platform.clock.advance(TimeDelta::hours(24));
        confirms(app, &second).await.is_problem(404, "not-found");
        for forged in ["x", "legato_l_", "%00", &"a".repeat(5000)] {
            confirms(app, forged).await.is_problem(404, "not-found");
        }
        assert_eq!(ada.get("/me").await.json()["email"], OLD);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_out_to_the_old_address_is_void() {
    with_app(async |app| {
        let ada = known(app).await;
        app.stranger().post("/password-resets", json!({ "login": "ada" })).await.is(202);
        let reset = app.letter_to(OLD, "new password").await.code();
        asks(&ada, NEW).await;
        confirms(app, &app.letter_to(NEW, "Confirm your new").await.code()).await.is(204);
        let late = json!({ "password": "a brand new secret" });
        app.stranger().put(&format!("/password-resets/{reset}"), late).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_has_just_proved_who_they_are_and_asks_five_times_an_hour() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for number in 0..5 {
            asks(&ada, &format!("ada{number}@example.org")).await;
        }
        let change = json!({ "email": NEW });
        ada.post("/me/email-changes", change.clone()).await.is_problem(429, "too-many-requests");
        app.platform.clock.advance(TimeDelta::hours(2));
        ada.post("/me/email-changes", change.clone()).await.is_problem(403, "reauthentication-required");
        app.stranger().post("/me/email-changes", change).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_address_is_named() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for bad in ["", "ada", "ada@example.org", "ADA@example.org", "a@b\r\nBcc: c@d", "@example.org"] {
            ada.post("/me/email-changes", json!({ "email": bad })).await.is_invalid("email");
        }
    })
    .await;
}
