//! Suspend an account, and let it back in.

use std::time::Duration;

use serde_json::{Value, json};

use super::{log_of, somebody};
use crate::support::{App, Person, becomes_true, password, with_app};

const AT_MOST: Duration = Duration::from_secs(5);

fn spam() -> Value {
    json!({ "reason": "Advertising in names." })
}

fn path(person: &Person<'_>) -> String {
    format!("/accounts/{}/suspension", person.id)
}

async fn state(app: &App, person: &Person<'_>) -> Vec<String> {
    let state = "select coalesce(suspension_reason, 'active') as line from accounts.accounts where id =";
    app.lines(&format!("{state} '{}'", person.id)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_is_out_at_once_and_told_why() {
    with_app(async |app| {
        let (moderator, nina) = (somebody(app, "judge", "moderator").await, app.artist("nina").await);
        let track = nina.publishes_a_single("Tides").await.track;
        let ada = app.listener("ada").await;
        let url = ada.plays(&track).await["stream"]["url"].as_str().expect("a stream").to_owned();
        let mut live = ada.listens_to("/live", None).await;
        app.stranger().get(&url).await.is(200);
        moderator.put(&path(&ada), spam()).await.is(204);
        ada.get("/me").await.is_problem(401, "unauthenticated");
        let credentials = json!({ "login": "ada", "password": password("ada") });
        app.stranger().post("/session", credentials).await.is_problem(403, "account-suspended");
        let ended = tokio::time::timeout(AT_MOST, async { while live.next().await.is_some() {} }).await;
        assert!(ended.is_ok(), "the live channel goes on");
        let ended = becomes_true(AT_MOST, async || app.stranger().get(&url).await.status == 404).await;
        assert!(ended, "the grant goes on");
        let letter = app.letter_to("ada@example.org", "Your account is suspended").await;
        assert!(letter.text.contains("Advertising in names."), "{}", letter.text);
        nina.get("/me").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_reinstated_signs_in_again_and_finds_everything() {
    with_app(async |app| {
        let (moderator, nina) = (somebody(app, "judge", "moderator").await, app.artist("nina").await);
        let track = nina.publishes_a_single("Tides").await.track;
        moderator.put(&path(&nina), spam()).await.is(204);
        let again = json!({ "reason": "Advertising in names, twice." });
        moderator.put(&path(&nina), again).await.is(204);
        assert_eq!(state(app, &nina).await, ["Advertising in names, twice."]);
        moderator.delete(&path(&nina)).await.is(204);
        moderator.delete(&path(&nina)).await.is(204);
        assert_eq!(state(app, &nina).await, ["active"]);
        let nina = app.site.signs_in("nina").await;
        assert_eq!(nina.get(&format!("/tracks/{track}")).await.is(200).json()["mine"], true);
        assert_eq!(log_of(app, &nina.id).await, ["reinstated by judge", "suspended by judge", "suspended by judge"]);
        let log = app.lines("select detail::text as line from accounts.audit_log").await.concat();
        assert!(!log.contains("Advertising"), "{log}");
        app.settle().await;
        let events = "select payload #>> '{data,suspended}' as line from platform.outbox
                      where name = 'accounts.suspension_changed.v1' order by id";
        assert_eq!(app.lines(events).await, ["true", "false"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moderators_suspend_listeners_alone_and_nobody_themselves() {
    with_app(async |app| {
        let (admin, moderator) = (somebody(app, "boss", "admin").await, somebody(app, "judge", "moderator").await);
        let (colleague, second) =
            (somebody(app, "colleague", "moderator").await, somebody(app, "second", "admin").await);
        for target in [&admin, &colleague, &moderator] {
            moderator.put(&path(target), spam()).await.is_problem(403, "forbidden");
            moderator.delete(&path(target)).await.is_problem(403, "forbidden");
        }
        admin.put(&path(&admin), spam()).await.is_problem(403, "forbidden");
        admin.put(&path(&colleague), spam()).await.is(204);
        colleague.put(&path(&moderator), spam()).await.is_problem(401, "unauthenticated");
        admin.put(&path(&second), spam()).await.is(204);
        assert_eq!(state(app, &admin).await, ["active"]);
        second.get("/me").await.is_problem(401, "unauthenticated");
        // A moderator does not undo what only an administrator may do.
        moderator.delete(&path(&second)).await.is_problem(403, "forbidden");
        admin.delete(&path(&second)).await.is(204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_is_asked_for() {
    with_app(async |app| {
        let (moderator, ada) = (somebody(app, "judge", "moderator").await, app.listener("ada").await);
        for reason in [json!(""), json!("   "), json!("x".repeat(501)), json!("a\u{0}b"), json!(7), Value::Null] {
            moderator.put(&path(&ada), json!({ "reason": reason })).await.is_invalid("reason");
        }
        moderator.put(&path(&ada), json!({})).await.is_invalid("reason");
        moderator.put(&path(&ada), json!({ "reason": "Spam.", "until": "never" })).await.is_invalid("until");
        assert_eq!(state(app, &ada).await, ["active"]);
    })
    .await;
}
