//! The second factor after another provider vouched for the first.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{App, Browser, Provider, code_at, with_provider};

/// Ada, who has an authenticator, comes by her provider; the answer is her secret and the challenge.
async fn challenged(app: &App) -> (String, String) {
    let ada = app.listener("ada").await;
    let (secret, _) = ada.sets_up_totp(app).await;
    app.execute("update accounts.accounts set email_confirmed_at = now()").await;
    app.platform.clock.advance(TimeDelta::seconds(60));
    (secret, challenge(app).await)
}

async fn challenge(app: &App) -> String {
    let landed = Browser::new(app).signs_in_by("one").await.is(303);
    landed.header("location").split_once("#challenge=").expect("a challenge").1.to_owned()
}

fn proof(app: &App, challenge: &str, secret: &str) -> Value {
    json!({ "challenge": challenge, "code": code_at(secret, app.platform.clock.now()) })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_code_opens_a_session_once() {
    with_provider(async |app, _: &Provider| {
        let (secret, challenge) = challenged(app).await;
        let browser = Browser::new(app);
        let mut right = proof(app, &challenge, &secret);
        right["cookie"] = true.into();
        let opened = browser.posts("/session/second-factor", right).await.is(201).json();
        assert!(opened.get("token").is_none() && opened["account"]["handle"] == "ada", "{opened}");
        assert_eq!(browser.me().await["handle"], "ada");
        app.platform.clock.advance(TimeDelta::seconds(30));
        let again = proof(app, &challenge, &secret);
        app.stranger().post("/session/second-factor", again).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_will_do() {
    with_provider(async |app, _| {
        let ada = app.listener("ada").await;
        let (_, codes) = ada.sets_up_totp(app).await;
        app.execute("update accounts.accounts set email_confirmed_at = now()").await;
        let proof = json!({ "challenge": challenge(app).await, "code": codes[0] });
        let opened = app.stranger().post("/session/second-factor", proof).await.is(201).json();
        assert!(opened["token"].as_str().is_some_and(|token| token.starts_with("legato_s_")), "{opened}");
        let proof = json!({ "challenge": challenge(app).await, "code": codes[0] });
        app.stranger().post("/session/second-factor", proof).await.is_problem(401, "wrong-code");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_may_be_followed_by_a_right_one_but_not_for_ever() {
    with_provider(async |app, _| {
        let (secret, challenge) = challenged(app).await;
        let wrong = json!({ "challenge": challenge, "code": "000000" });
        for _ in 0..9 {
            app.stranger().post("/session/second-factor", wrong.clone()).await.is_problem(401, "wrong-code");
        }
        app.stranger().post("/session/second-factor", proof(app, &challenge, &secret)).await.is(201);
        let challenge = self::challenge(app).await;
        let wrong = json!({ "challenge": challenge, "code": "000000" });
        app.stranger().post("/session/second-factor", wrong.clone()).await.is_problem(401, "wrong-code");
        let stopped = app.stranger().post("/session/second-factor", wrong).await;
        stopped.is_problem(429, "too-many-requests");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_holds_for_five_minutes() {
    with_provider(async |app, _| {
        let (secret, challenge) = challenged(app).await;
        app.platform.clock.advance(TimeDelta::minutes(5));
        let late = proof(app, &challenge, &secret);
        app.stranger().post("/session/second-factor", late).await.is_problem(401, "unauthenticated");
        let made_up = proof(app, "legato_f_made-up", &secret);
        app.stranger().post("/session/second-factor", made_up).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_holds_no_challenge_that_could_be_answered() {
    with_provider(async |app, _| {
        let (_, challenge) = challenged(app).await;
        let rows = app.lines("select to_jsonb(c)::text as line from accounts.challenges c").await;
        assert!(rows.len() == 1 && !rows[0].contains(&challenge), "{rows:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_of_another_form_or_from_a_foreign_page_is_refused() {
    with_provider(async |app, _| {
        let (secret, challenge) = challenged(app).await;
        let right = proof(app, &challenge, &secret);
        let mut odd = right.clone();
        odd["account"] = "ada".into();
        app.stranger().post("/session/second-factor", odd).await.is_invalid("account");
        app.stranger().post("/session/second-factor", json!({ "code": "1" })).await.is_invalid("challenge");
        let foreign = app.stranger().request(reqwest::Method::POST, "/session/second-factor");
        let foreign = foreign.header("origin", "http://evil.example").json(&right);
        crate::support::send(foreign).await.is_problem(403, "foreign-origin");
        app.execute("update accounts.accounts set suspended_at = now(), suspension_reason = 'spam'").await;
        app.stranger().post("/session/second-factor", right).await.is_problem(403, "account-suspended");
    })
    .await;
}
