//! How often somebody may try (security case A7).

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, App, Database, Person, password, send, with_app, with_settings};

/// A guess at a login's password from behind a forwarding header.
async fn guesses(someone: &Person<'_>, login: &str, header: (&str, &str), guess: &str) -> Answer {
    let guess = json!({ "login": login, "password": guess });
    send(someone.request(Method::POST, "/session").header(header.0, header.1).json(&guess)).await
}

/// How many of the answers said that the guess was wrong. All others are 429, and say when to come back.
fn evaluated(answers: &[Answer]) -> usize {
    for refused in answers.iter().filter(|answer| answer.status != 401) {
        refused.is_problem(429, "too-many-requests");
        let wait: u64 = refused.header("retry-after").parse().expect("seconds");
        assert!((1..=3600).contains(&wait), "{wait} s");
    }
    answers.iter().filter(|answer| answer.status == 401).count()
}

/// A hundred guesses at ada's password, eight at a time, by both of her logins, with forged headers.
async fn guesses_a_hundred_times(app: &App) -> Vec<Answer> {
    let mut answers = Vec::new();
    for round in 0..13 {
        let guesses = (0..8).map(async |number| {
            let forged = format!("192.0.{round}.{number}");
            let forwarded = format!("for={forged};proto=https");
            let header = if number % 2 == 0 { ("x-forwarded-for", &*forged) } else { ("forwarded", &*forwarded) };
            let login = if number % 3 == 0 { "ada" } else { "Ada@Example.org" };
            guesses(&app.stranger(), login, header, &format!("guess {round} {number}")).await
        });
        answers.extend(join_all(guesses).await);
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_guesses_ten_are_looked_at_and_a_restart_forgets_none() {
    let database = Database::create().await;
    let data = tempfile::tempdir().expect("a folder");
    let settings = [("data", data.path().to_str().expect("a plain path"))];
    let app = App::start(&database.url, &settings).await;
    app.listener("ada").await;
    assert_eq!(evaluated(&guesses_a_hundred_times(&app).await), 10);
    let right = json!({ "login": "ada", "password": password("ada") });
    app.stranger().post("/session", right.clone()).await.is_problem(429, "too-many-requests");
    app.settle().await;
    app.stop().await;
    let app = App::start(&database.url, &settings).await;
    assert_eq!(evaluated(&guesses_a_hundred_times(&app).await), 0);
    app.stranger().post("/session", right.clone()).await.is_problem(429, "too-many-requests");
    app.platform.clock.advance(TimeDelta::minutes(16));
    app.stranger().post("/session", right).await.is(201);
    app.settle().await;
    app.stop().await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_prove_it_counts_on_the_same_account() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let wrong = json!({ "password": "a guess" });
        for _ in 0..6 {
            ada.post("/session/reauthentication", wrong.clone()).await.is_problem(401, "wrong-credentials");
        }
        let guess = json!({ "login": "ada", "password": "a guess" });
        for _ in 0..4 {
            app.stranger().post("/session", guess.clone()).await.is_problem(401, "wrong-credentials");
        }
        app.stranger().post("/session", guess).await.is_problem(429, "too-many-requests");
        ada.post("/session/reauthentication", wrong).await.is_problem(429, "too-many-requests");
        ada.get("/me").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_doubles_and_is_never_longer_than_an_hour() {
    with_app(async |app| {
        app.listener("ada").await;
        for minutes in [15, 30, 60, 60] {
            let guesses = (0..12).map(async |_| guesses(&app.stranger(), "ada", ("x-none", ""), "a guess").await);
            let answers = join_all(guesses).await;
            assert_eq!(evaluated(&answers), 10);
            let refused = answers.iter().find(|answer| answer.status == 429).expect("two of them");
            let wait: i64 = refused.header("retry-after").parse().expect("seconds");
            assert!((minutes * 60 - 30..=minutes * 60).contains(&wait), "{wait} s instead of {minutes} min");
            app.platform.clock.advance(TimeDelta::minutes(minutes));
        }
        app.site.signs_in("ada").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_login_is_limited_as_a_known_one_is() {
    with_app(async |app| {
        app.listener("ada").await;
        let mut answers = [Vec::new(), Vec::new()];
        for (login, answers) in ["ada", "nobody"].iter().zip(&mut answers) {
            for _ in 0..12 {
                let answer = guesses(&app.stranger(), login, ("x-none", ""), "a guess").await;
                answers.push((answer.status, answer.json()["type"].clone(), answer.json()["title"].clone()));
            }
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0].last().expect("twelve").0, 429);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_rightly_is_never_refused() {
    with_app(async |app| {
        app.listener("ada").await;
        for _ in 0..9 {
            guesses(&app.stranger(), "ada", ("x-none", ""), "a guess").await.is(401);
        }
        for _ in 0..15 {
            app.site.signs_in("ada").await;
        }
        guesses(&app.stranger(), "ada", ("x-none", ""), "a guess").await.is(401);
        guesses(&app.stranger(), "ada", ("x-none", ""), "a guess").await.is(429);
    })
    .await;
}

/// Opens `number` accounts from behind a forwarding header; the last answer's status.
async fn registers(app: &App, numbers: std::ops::Range<usize>, header: (&str, &str)) -> u16 {
    let mut status = 0;
    for number in numbers {
        let handle = format!("listener{number}");
        let new = json!({ "handle": handle, "email": format!("{handle}@example.org"), "password": password(&handle) });
        let request = app.stranger().request(Method::POST, "/accounts").header(header.0, header.1);
        status = send(request.json(&new)).await.status;
    }
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_opens_twenty_accounts_an_hour_whatever_it_calls_itself() {
    with_app(async |app| {
        assert_eq!(registers(app, 0..10, ("x-forwarded-for", "192.0.2.7")).await, 201);
        assert_eq!(registers(app, 10..20, ("forwarded", "for=192.0.2.8")).await, 201);
        assert_eq!(registers(app, 20..21, ("x-forwarded-for", "192.0.2.9")).await, 429);
        app.platform.clock.advance(TimeDelta::minutes(61));
        assert_eq!(registers(app, 20..21, ("x-forwarded-for", "192.0.2.9")).await, 201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_each_client_counts_for_itself() {
    with_settings(&[("trusted_proxies", "127.0.0.1/32")], async |app| {
        assert_eq!(registers(app, 0..20, ("x-forwarded-for", "1.1.1.1, 192.0.2.7")).await, 201);
        assert_eq!(registers(app, 20..21, ("x-forwarded-for", "2.2.2.2, 192.0.2.7")).await, 429);
        assert_eq!(registers(app, 20..21, ("forwarded", "for=192.0.2.7")).await, 429);
        assert_eq!(registers(app, 20..21, ("x-forwarded-for", "192.0.2.8")).await, 201);
        let sessions = "select address as line from accounts.sessions";
        let new = json!({ "login": "listener20", "password": password("listener20") });
        let request = app.stranger().request(Method::POST, "/session").header("x-forwarded-for", "192.0.2.8");
        send(request.json(&new)).await.is(201);
        assert_eq!(app.lines(sessions).await, ["192.0.2.8"]);
    })
    .await;
}
