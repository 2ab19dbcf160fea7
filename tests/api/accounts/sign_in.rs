//! Sign in.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, password, send, with_app, with_settings};

fn ada() -> Value {
    json!({ "login": "ada", "password": password("ada") })
}

/// Signs in for a cookie, from a page of `origin`.
async fn signs_in_for_a_cookie(app: &App, origin: Option<&str>) -> Answer {
    let mut credentials = ada();
    credentials["cookie"] = true.into();
    let request = app.stranger().request(Method::POST, "/session").json(&credentials);
    send(match origin {
        Some(origin) => request.header("origin", origin),
        None => request,
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_or_an_address_and_the_password_give_a_session() {
    with_app(async |app| {
        app.listener("ada").await;
        for login in ["ada", "ADA", "ada@example.org", "Ada@Example.org", " ada "] {
            let credentials = json!({ "login": login, "password": password("ada") });
            let answer = app.stranger().post("/session", credentials).await.is(201);
            assert!(answer.headers.get("set-cookie").is_none());
            assert_eq!(answer.header("cache-control"), "no-store");
            let session = answer.json();
            assert_eq!(session["account"]["handle"], "ada");
            assert!(session["token"].as_str().is_some_and(|token| token.len() >= 32), "{session}");
            assert!(session["expires_at"].is_string());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_login_look_the_same() {
    with_app(async |app| {
        app.listener("ada").await;
        let mut problems = Vec::new();
        for (login, password) in [("ada", "not her password"), ("ada@example.org", "x"), ("nobody", "x"), ("", "")] {
            let answer = app.stranger().post("/session", json!({ "login": login, "password": password })).await;
            let mut problem = answer.is_problem(401, "wrong-credentials");
            problem.as_object_mut().expect("an object").remove("request_id");
            problems.push(problem);
        }
        problems.dedup();
        assert_eq!(problems.len(), 1, "{problems:#?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_session_has_its_own_token_and_the_database_holds_none() {
    with_app(async |app| {
        let first = app.listener("ada").await;
        let second = app.site.signs_in("ada").await;
        assert_ne!(first.token, second.token);
        let rows = app.lines("select to_jsonb(s)::text as line from accounts.sessions s").await.concat();
        assert!([first.token, second.token].into_iter().flatten().all(|token| !rows.contains(&token)), "{rows}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_nobody_uses_expires() {
    with_settings(&[("session_idle_days", "30")], async |app| {
        let (used, unused) = (app.listener("ada").await, app.site.signs_in("ada").await);
        app.platform.clock.advance(TimeDelta::days(29));
        used.get("/me").await.is(200);
        app.platform.clock.advance(TimeDelta::days(2));
        used.get("/me").await.is(200);
        unused.get("/me").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_expires_however_much_it_is_used() {
    with_settings(&[("session_idle_days", "30"), ("session_max_days", "60")], async |app| {
        let ada = app.listener("ada").await;
        for _ in 0..2 {
            app.platform.clock.advance(TimeDelta::days(29));
            ada.get("/me").await.is(200);
        }
        app.platform.clock.advance(TimeDelta::days(3));
        ada.get("/me").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hash_with_older_parameters_is_renewed() {
    with_app(async |app| {
        app.listener("ada").await;
        // "the password of ada" with 4 MiB and three passes, as an older version might have stored it.
        let old = "$argon2id$v=19$m=4096,t=3,p=1$c2l4dGVlbiBieXRlcyEhIQ$1bBwgFOPs5u62UZjuBZioNR+3U5WAyufJ7mzg0ZRf+A";
        app.execute(&format!("update accounts.accounts set password_hash = '{old}'")).await;
        app.stranger().post("/session", ada()).await.is(201);
        let hashes = app.lines("select password_hash as line from accounts.accounts").await;
        assert!(hashes[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashes:?}");
        app.stranger().post("/session", ada()).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_keeps_the_token_from_the_page() {
    with_app(async |app| {
        app.listener("ada").await;
        let answer = signs_in_for_a_cookie(app, Some(&app.site.base)).await.is(201);
        assert!(answer.json().get("token").is_none());
        let cookie = answer.header("set-cookie").to_owned();
        assert!(cookie.starts_with("legato_session="), "{cookie}");
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        let (pair, _) = cookie.split_once(';').expect("attributes");
        let reading = app.stranger().request(Method::GET, "/me").header("cookie", pair);
        assert_eq!(send(reading).await.is(200).json()["handle"], "ada");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_writes_only_from_our_own_pages() {
    with_app(async |app| {
        app.listener("ada").await;
        let answer = signs_in_for_a_cookie(app, Some(&app.site.base)).await.is(201);
        let pair = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let write = |origin: Option<&str>| {
            let body = json!({ "name": "Ada" });
            let request = app.stranger().request(Method::POST, "/artists").header("cookie", &pair).json(&body);
            send(match origin {
                Some(origin) => request.header("origin", origin),
                None => request,
            })
        };
        for origin in [None, Some("http://evil.example"), Some("null"), Some("http://127.0.0.1:1"), Some("")] {
            write(origin).await.is_problem(403, "foreign-origin");
        }
        write(Some(&app.site.base)).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_from_a_foreign_page_is_refused() {
    with_app(async |app| {
        app.listener("ada").await;
        signs_in_for_a_cookie(app, Some("http://evil.example")).await.is_problem(403, "foreign-origin");
        signs_in_for_a_cookie(app, None).await.is_problem(403, "foreign-origin");
        let foreign = app.stranger().request(Method::POST, "/session").header("origin", "http://evil.example");
        send(foreign.json(&ada())).await.is_problem(403, "foreign-origin");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_https_the_cookie_is_for_this_host_alone() {
    with_settings(&[("public_url", "https://music.example")], async |app| {
        app.listener("ada").await;
        signs_in_for_a_cookie(app, Some("http://music.example")).await.is_problem(403, "foreign-origin");
        let answer = signs_in_for_a_cookie(app, Some("https://music.example")).await.is(201);
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("__Host-legato_session="), "{cookie}");
        assert!(cookie.contains("Secure") && cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_of_another_form_are_refused() {
    with_app(async |app| {
        let stranger = app.stranger();
        stranger.post("/session", json!({ "login": "ada" })).await.is_invalid("password");
        stranger.post("/session", json!({ "login": "ada", "password": "x", "role": "admin" })).await.is_invalid("role");
        stranger.post("/session", json!([])).await.is(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_takes_the_place_of_the_session_in_the_cookie() {
    with_app(async |app| {
        app.listener("ada").await;
        let first = signs_in_for_a_cookie(app, Some(&app.site.base)).await.is(201);
        let old = first.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let mut credentials = ada();
        credentials["cookie"] = true.into();
        let again = app.stranger().request(Method::POST, "/session").header("origin", &app.site.base);
        let second = send(again.header("cookie", &old).json(&credentials)).await.is(201);
        let new = second.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        assert_ne!(old, new);
        let me = |cookie: &str| send(app.stranger().request(Method::GET, "/me").header("cookie", cookie));
        me(&old).await.is_problem(401, "unauthenticated");
        me(&new).await.is(200);
        // A wrong password takes nothing away.
        credentials["password"] = "wrong".into();
        let wrong = app.stranger().request(Method::POST, "/session").header("origin", &app.site.base);
        send(wrong.header("cookie", &new).json(&credentials)).await.is(401);
        me(&new).await.is(200);
    })
    .await;
}
