//! Go back to the e-mail address before.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use crate::support::{App, Person, password, send, with_app};

const OLD: &str = "ada@example.org";
const THIEVES: &str = "thief@example.org";

/// Changes an account's address as whoever has its session may.
async fn moves(app: &App, person: &Person<'_>, to: &str) {
    person.post("/me/email-changes", json!({ "email": to })).await.is(202);
    let code = app.letter_to(to, "Confirm your new").await.code();
    app.stranger().put(&format!("/email-changes/{code}"), json!({})).await.is(204);
}

/// The owner, and a thief who has a session of theirs.
async fn robbed(app: &App) -> (Person<'_>, Person<'_>) {
    let ada = app.listener("ada").await;
    app.execute("update accounts.accounts set email_confirmed_at = now()").await;
    (ada, app.site.signs_in("ada").await)
}

async fn restores(app: &App, code: &str) -> crate::support::Answer {
    app.stranger().put(&format!("/email-restorations/{code}"), json!({})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_gets_the_account_back_and_the_thief_is_out() {
    with_app(async |app| {
        let (_, thief) = robbed(app).await;
        let token = thief.post("/me/tokens", json!({ "name": "mine", "scopes": ["read"] })).await.is(201).json();
        thief.post("/me/app-passwords", json!({ "name": "mine" })).await.is(201);
        moves(app, &thief, THIEVES).await;
        thief.put("/me/password", json!({ "password": "a thief's own secret" })).await.is(204);
        let mut live = thief.listens_to("/live", None).await;
        restores(app, &app.letter_to(OLD, "has a new address").await.code()).await.is(204);
        thief.get("/me").await.is_problem(401, "unauthenticated");
        let last = live.next_within(Duration::from_secs(5)).await;
        assert!(last.is_none_or(|event| event.name == "session.ended"));
        let by_token =
            app.stranger().request(Method::GET, "/me").bearer_auth(token["secret"].as_str().expect("a secret"));
        send(by_token).await.is_problem(401, "unauthenticated");
        for known in ["a thief's own secret", &password("ada")] {
            let credentials = json!({ "login": "ada", "password": known });
            app.stranger().post("/session", credentials).await.is_problem(401, "wrong-credentials");
        }
        assert!(app.lines("select name as line from accounts.app_passwords").await.is_empty());
        // The restored address sets a new password.
        let reset = app.letter_to(OLD, "new password").await.code();
        let choice = json!({ "password": "a brand new secret" });
        app.stranger().put(&format!("/password-resets/{reset}"), choice).await.is(204);
        let credentials = json!({ "login": OLD, "password": "a brand new secret" });
        let session = app.stranger().post("/session", credentials).await.is(201).json();
        assert_eq!(session["account"]["email"], OLD);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn factors_from_before_stay_and_later_ones_go() {
    with_app(async |app| {
        let (ada, thief) = robbed(app).await;
        let passkey = |name: &str, at: &str| {
            format!(
                "insert into accounts.passkeys (id, account_id, credential_id, name, credential, created_at)
                 values (gen_random_uuid(), '{}', '{name}', '{name}', '{{}}', {at})",
                ada.id
            )
        };
        app.execute(&passkey("adas", "now() - interval '1 year'")).await;
        moves(app, &thief, THIEVES).await;
        app.execute(&passkey("thiefs", "now() + interval '1 second'")).await;
        app.execute(&format!(
            "insert into accounts.linked_identities (id, account_id, provider, subject, created_at)
             values (gen_random_uuid(), '{}', 'thieves', 'thief', now() + interval '1 second')",
            ada.id
        ))
        .await;
        restores(app, &app.letter_to(OLD, "has a new address").await.code()).await.is(204);
        assert_eq!(app.lines("select name as line from accounts.passkeys").await, ["adas"]);
        assert!(app.lines("select provider as line from accounts.linked_identities").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_came_later_cannot_take_it_back_again() {
    with_app(async |app| {
        let (_, thief) = robbed(app).await;
        moves(app, &thief, THIEVES).await;
        app.platform.clock.advance(TimeDelta::seconds(1));
        moves(app, &thief, "den@example.org").await;
        let (owners, thiefs) = (
            app.letter_to(OLD, "has a new address").await.code(),
            app.letter_to(THIEVES, "has a new address").await.code(),
        );
        // The thief's way leads back to the thief, and takes nothing from the owner.
        restores(app, &thiefs).await.is(204);
        restores(app, &owners).await.is(204);
        restores(app, &owners).await.is_problem(404, "not-found");
        restores(app, &thiefs).await.is_problem(404, "not-found");
        assert_eq!(app.lines("select email as line from accounts.accounts").await, [OLD]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_was_laid_later_is_closed() {
    with_app(async |app| {
        let (_, thief) = robbed(app).await;
        moves(app, &thief, THIEVES).await;
        app.platform.clock.advance(TimeDelta::seconds(1));
        moves(app, &thief, "den@example.org").await;
        let thiefs = app.letter_to(THIEVES, "has a new address").await.code();
        restores(app, &app.letter_to(OLD, "has a new address").await.code()).await.is(204);
        restores(app, &thiefs).await.is_problem(404, "not-found");
        assert_eq!(app.lines("select email as line from accounts.accounts").await, [OLD]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_asked_for_before_comes_too_late() {
    with_app(async |app| {
        let (_, thief) = robbed(app).await;
        moves(app, &thief, THIEVES).await;
        thief.post("/me/email-changes", json!({ "email": "den@example.org" })).await.is(202);
        let code = app.letter_to("den@example.org", "Confirm your new").await.code();
        restores(app, &app.letter_to(OLD, "has a new address").await.code()).await.is(204);
        let late = app.stranger().put(&format!("/email-changes/{code}"), json!({})).await;
        late.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_address_is_kept_for_its_owner_meanwhile() {
    with_app(async |app| {
        let (_, thief) = robbed(app).await;
        moves(app, &thief, THIEVES).await;
        let accomplice = json!({ "handle": "accomplice", "email": OLD, "password": "quite another secret" });
        app.stranger().post("/accounts", accomplice).await.is_problem(409, "email-taken");
        restores(app, &app.letter_to(OLD, "has a new address").await.code()).await.is(204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_is_open_for_seven_days() {
    with_app(async |app| {
        let (_, thief) = robbed(app).await;
        moves(app, &thief, THIEVES).await;
        let code = app.letter_to(OLD, "has a new address").await.code();
        app.platform.clock.advance(TimeDelta::days(7));
        restores(app, &code).await.is_problem(404, "not-found");
        for forged in ["x", "legato_l_", "%00"] {
            restores(app, forged).await.is_problem(404, "not-found");
        }
        assert_eq!(app.lines("select email as line from accounts.accounts").await, [THIEVES]);
    })
    .await;
}
