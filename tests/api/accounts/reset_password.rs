//! Reset a password that was forgotten.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{App, Letter, Raw, kept, password, with_app, with_settings};

const SUBJECT: &str = "Choose a new password";
const NEW: &str = "an entirely new one";

async fn asks(app: &App, login: &str) {
    let answer = app.stranger().post("/password-resets", json!({ "login": login })).await.is(202);
    assert_eq!(answer.text(), "");
}

async fn letter(app: &App) -> Letter {
    app.letter_to("ada@example.org", SUBJECT).await
}

async fn resets(app: &App, code: &str, password: &str) -> crate::support::Answer {
    app.stranger().put(&format!("/password-resets/{code}"), json!({ "password": password })).await
}

async fn signs_in(app: &App, password: &str) -> u16 {
    app.stranger().post("/session", json!({ "login": "ada", "password": password })).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_gives_way_to_a_new_one() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        asks(app, " Ada@Example.org ").await;
        let code = letter(app).await.code();
        assert_eq!(signs_in(app, &password("ada")).await, 201, "until it is used, nothing changes");
        resets(app, &code, NEW).await.is(204);

        assert_eq!(signs_in(app, &password("ada")).await, 401);
        assert_eq!(signs_in(app, NEW).await, 201);
        ada.get("/me").await.is_problem(401, "unauthenticated");
        let told = app.letter_to("ada@example.org", "Your password was changed").await;
        assert!(!told.raw.contains(&code) && told.code().is_empty(), "{}", told.raw);
        resets(app, &code, "yet another password").await.is_problem(404, "not-found");
        assert_eq!(signs_in(app, NEW).await, 201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_the_letter_has_the_address() {
    with_app(async |app| {
        app.listener("ada").await;
        asks(app, "ada").await;
        resets(app, &letter(app).await.code(), NEW).await.is(204);
        let confirmed = "select (email_confirmed_at is not null)::text as line from accounts.accounts";
        assert_eq!(app.lines(confirmed).await, ["true"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_which_logins_there_are() {
    with_app(async |app| {
        app.listener("ada").await;
        app.settle().await;
        for login in ["ada", "ada@example.org", "bob", "bob@example.org", "' or 1=1 --"] {
            asks(app, login).await;
        }
        let jobs = "select count(*)::text as line from platform.jobs where payload->>'letter' = 'reset_password'";
        assert_eq!(app.lines(jobs).await, ["5"], "the same work for all");
        app.settle().await;
        let letters: Vec<_> = kept(app.data()).into_iter().filter(|letter| letter.subject() == SUBJECT).collect();
        assert_eq!(letters.len(), 2, "{letters:#?}");
        assert!(letters.iter().all(|letter| letter.to() == "ada@example.org"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_newest_letter_resets() {
    with_app(async |app| {
        app.listener("ada").await;
        asks(app, "ada").await;
        let first = letter(app).await.code();
        asks(app, "ada").await;
        app.settle().await;
        let second = letter(app).await.code();
        assert_ne!(first, second);
        resets(app, &first, NEW).await.is_problem(404, "not-found");
        resets(app, &second, NEW).await.is(204);
        assert!(
            app.lines("select purpose as line from accounts.letter_codes where purpose = 'reset_password'")
                .await
                .is_empty()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_for_an_hour() {
    with_app(async |app| {
        app.listener("ada").await;
        asks(app, "ada").await;
        let code = letter(app).await.code();
        app.platform.clock.advance(TimeDelta::hours(1));
        resets(app, &code, NEW).await.is_problem(404, "not-found");
        assert_eq!(signs_in(app, NEW).await, 401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_no_good_leaves_the_code_as_it_was() {
    with_app(async |app| {
        app.listener("ada").await;
        asks(app, "ada").await;
        let code = letter(app).await.code();
        for bad in ["short", "password123", "ada@example.org"] {
            resets(app, &code, bad).await.is_invalid("password");
        }
        let unasked = json!({ "password": NEW, "role": "admin" });
        app.stranger().put(&format!("/password-resets/{code}"), unasked).await.is_invalid("role");
        resets(app, "legato_l_unknown", "short").await.is_invalid("password");
        resets(app, &code, NEW).await.is(204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_use_a_code_at_once_one_sets_the_password() {
    with_app(async |app| {
        app.listener("ada").await;
        asks(app, "ada").await;
        let code = letter(app).await.code();
        let uses = (0..4).map(async |number| resets(app, &code, &format!("{NEW} {number}")).await.status);
        let statuses = futures_util::future::join_all(uses).await;
        assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
        let winner = statuses.iter().position(|status| *status == 204).expect("one");
        assert_eq!(signs_in(app, &format!("{NEW} {winner}")).await, 201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_to_an_address_of_before_resets_nothing() {
    with_app(async |app| {
        app.listener("ada").await;
        asks(app, "ada").await;
        let code = letter(app).await.code();
        app.execute("update accounts.accounts set email = 'ada@other.example' where handle = 'ada'").await;
        resets(app, &code, NEW).await.is_problem(404, "not-found");
        assert_eq!(signs_in(app, &password("ada")).await, 201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_address_that_a_thief_began_dies_with_the_reset() {
    with_app(async |app| {
        app.listener("ada").await;
        asks(app, "ada").await;
        let code = letter(app).await.code();
        app.execute(
            "insert into accounts.letter_codes (code_hash, account_id, purpose, email, expires_at)
             select sha256('x'), id, 'change_email', 'thief@example.org', now() + interval '1 day' from accounts.accounts",
        )
        .await;
        resets(app, &code, NEW).await.is(204);
        assert!(app.lines("select purpose as line from accounts.letter_codes where purpose = 'change_email'").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_buried_in_letters() {
    with_app(async |app| {
        app.listener("ada").await;
        for _ in 0..3 {
            asks(app, "ada").await;
        }
        let answer = app.stranger().post("/password-resets", json!({ "login": "ADA" })).await;
        answer.is_problem(429, "too-many-requests");
        assert!(!answer.header("retry-after").is_empty());
        asks(app, "bob").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_no_longer_than_one_can_be() {
    with_app(async |app| {
        for bad in [json!(""), json!(" "), json!("x".repeat(255)), json!("ada\u{0}"), json!(7)] {
            app.stranger().post("/password-resets", json!({ "login": bad })).await.is_invalid("login");
        }
        let unasked = json!({ "login": "ada", "host": "evil.example" });
        app.stranger().post("/password-resets", unasked).await.is_invalid("host");
    })
    .await;
}

/// Security case A11.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_to_the_configured_host_whatever_a_request_says() {
    with_settings(&[("public_url", "https://music.example")], async |app| {
        app.listener("ada").await;
        let authority = app.site.authority().to_owned();
        let ask = async |login: &str, target: &str, headers: &str| {
            let body = json!({ "login": login }).to_string();
            let mut raw = Raw::open(&app.site).await;
            let length = body.len();
            let request = format!(
                "POST {target} HTTP/1.1\r\n{headers}Content-Type: application/json\r\nContent-Length: {length}\r\n\
                 Connection: close\r\n\r\n{body}"
            );
            raw.sends(request).await;
            raw.reads().await.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok()).expect("a status")
        };
        let path = "/api/v1/password-resets";
        assert_eq!(ask("ada", path, "Host: evil.example\r\n").await, 421);
        let forwarded =
            "X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nX-Original-Host: evil.example\r\n";
        assert_eq!(ask("ada", path, &format!("Host: {authority}\r\n{forwarded}")).await, 202);
        for (target, hosts) in [
            (path, format!("Host: {authority}\r\nHost: evil.example\r\n")),
            (path, format!("Host: evil.example\r\nHost: {authority}\r\n")),
            ("http://evil.example/api/v1/password-resets", format!("Host: {authority}\r\n")),
        ] {
            let status = ask("ada@example.org", target, &hosts).await;
            assert!([202, 400, 421].contains(&status), "{status} to {target} {hosts}");
        }
        let (page, code) = letter(app).await.link();
        assert_eq!(page, "https://music.example/reset-password");
        assert!(code.starts_with("legato_l_"));
        app.settle().await;
        let letters = kept(app.data());
        assert!(letters.len() >= 2);
        for letter in letters {
            assert!(!letter.raw.contains("evil") && !letter.text.contains("evil") && !letter.html.contains("evil"));
            assert!(!letter.text.contains(&authority), "{}", letter.text);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lay_in_wait_under_an_address_of_somebody_elses_is_out() {
    with_app(async |app| {
        // Opened by a stranger, who never saw the address' letters.
        let thief = app.listener("ada").await;
        let token = json!({ "name": "a way back", "scopes": ["read"] });
        let token = thief.post("/me/tokens", token).await.is(201).json()["secret"].as_str().expect("one").to_owned();
        asks(app, "ada@example.org").await;
        resets(app, &letter(app).await.code(), NEW).await.is(204);
        app.site.holds(&token).get("/me").await.is_problem(401, "unauthenticated");
        assert_eq!(signs_in(app, NEW).await, 201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_does_not_stand_in_for_a_second_factor() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.sets_up_totp(app).await;
        asks(app, "ada").await;
        resets(app, &letter(app).await.code(), NEW).await.is(204);
        let credentials = json!({ "login": "ada", "password": NEW });
        app.stranger().post("/session", credentials).await.is_problem(401, "second-factor-required");
    })
    .await;
}
