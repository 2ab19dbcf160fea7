//! Change an account's handle.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Answer, App, Person, with_app};

async fn takes(person: &Person<'_>, handle: &str) -> Answer {
    person.put("/me/handle", json!({ "handle": handle })).await
}

/// Signs in again, which is a proof of this moment.
async fn comes_back<'a>(app: &'a App, handle: &str, account: &str) -> Person<'a> {
    let credentials =
        json!({ "login": format!("{account}@example.org"), "password": crate::support::password(account) });
    let session = app.stranger().post("/session", credentials).await.is(201).json();
    let token = session["token"].as_str().expect("a token").to_owned();
    let mut person = app.stranger();
    person.handle = handle.to_owned();
    person.token = Some(token);
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_handle_leads_to_the_new_one_and_nobody_else_gets_it() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        assert_eq!(takes(&ada, "Countess").await.is(200).json()["handle"], "countess");
        assert_eq!(ada.get("/me").await.json()["handle"], "countess");
        assert_eq!(app.stranger().get("/accounts/countess").await.is(200).json()["id"], ada.id);
        // The client follows the redirect.
        assert_eq!(app.stranger().get("/accounts/ada").await.is(200).json()["handle"], "countess");
        takes(&ben, "ada").await.is_problem(409, "handle-taken");
        takes(&ben, "countess").await.is_problem(409, "handle-taken");
        let newcomer = json!({ "handle": "ada", "email": "other@example.org", "password": "quite another secret" });
        app.stranger().post("/accounts", newcomer).await.is_problem(409, "handle-taken");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_former_handle_can_be_taken_back() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        takes(&ada, "countess").await.is(200);
        assert_eq!(takes(&ada, "ada").await.is(200).json()["handle"], "ada");
        assert_eq!(app.stranger().get("/accounts/countess").await.is(200).json()["handle"], "ada");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_changes_three_times_in_thirty_days() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for handle in ["ada1", "ada2", "ada3"] {
            takes(&ada, handle).await.is(200);
        }
        // The one that it is already is no change.
        takes(&ada, "ada3").await.is(200);
        let refused = takes(&ada, "ada4").await;
        refused.is_problem(429, "too-many-requests");
        let wait: i64 = refused.header("retry-after").parse().expect("seconds");
        assert!((29 * 86_400..=30 * 86_400).contains(&wait), "{wait}");
        app.platform.clock.advance(TimeDelta::days(31));
        takes(&comes_back(app, "ada3", "ada").await, "ada4").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reserved_handles_and_those_that_wait_for_a_confirmation_are_refused() {
    crate::support::with_settings(&[("email_confirmation", "false")], async |app| {
        let ada = app.listener("ada").await;
        for handle in ["admin", "support", "legato"] {
            takes(&ada, handle).await.is_problem(409, "handle-reserved");
        }
        app.execute(
            "insert into accounts.registrations (id, handle, email, password_hash, language, expires_at)
             values (gen_random_uuid(), 'waiting', 'w@example.org', 'x', 'en', now() + interval '1 day')",
        )
        .await;
        takes(&ada, "waiting").await.is_problem(409, "handle-taken");
        for (bad, field) in [("a", "handle"), ("../x", "handle"), ("0190b2f0-c0de-7000-8000-00000000cafe", "handle")] {
            takes(&ada, bad).await.is_invalid(field);
        }
        assert_eq!(ada.get("/me").await.json()["handle"], "ada");
        app.execute("delete from accounts.registrations").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_want_a_handle_one_gets_it() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let (one, two) = tokio::join!(takes(&ada, "countess"), takes(&ben, "countess"));
        let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
        won.is(200);
        lost.is_problem(409, "handle-taken");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_changes_it_has_just_proved_who_they_are() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        app.platform.clock.advance(TimeDelta::minutes(11));
        takes(&ada, "countess").await.is_problem(403, "reauthentication-required");
        app.stranger().put("/me/handle", json!({ "handle": "countess" })).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_are_told_by_an_event() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        takes(&ada, "countess").await.is(200);
        let events =
            "select payload->'data'->>'handle' as line from platform.outbox where name = 'accounts.account_changed.v1'";
        assert_eq!(app.lines(events).await, ["countess"]);
    })
    .await;
}
