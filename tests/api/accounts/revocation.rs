//! What ends with a session: its streams and its live channels, in every process.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::support::{App, Person, Raw, becomes_true, password, send, tone, with_app, with_settings};

/// Whatever ends has ended after this, in every process.
const AT_MOST: Duration = Duration::from_secs(5);

const KEY: &str = "a signing key that two servers share";

/// A track of a minute, and the URL under which this person hears it.
async fn hears(app: &App, person: &Person<'_>) -> String {
    let nina = app.artist("nina").await;
    let release = nina.creates_release("Tides").await;
    let track = nina.uploads(&release, "tides.wav", tone(440.0, 60.0)).await;
    nina.waits_until_ready(&track).await;
    nina.publishes(&release).await;
    person.plays(&track).await["stream"]["url"].as_str().expect("a stream").to_owned()
}

async fn status(app: &App, url: &str) -> u16 {
    send(app.stranger().request(Method::GET, url).header("range", "bytes=0-9")).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_ends_with_the_session_that_asked_for_it_and_with_no_other() {
    with_app(async |app| {
        let (phone, laptop) = (app.listener("ada").await, app.site.signs_in("ada").await);
        let url = hears(app, &phone).await;
        assert_eq!(status(app, &url).await, 206);
        laptop.delete("/session").await.is(204);
        assert_eq!(status(app, &url).await, 206);
        phone.delete("/session").await.is(204);
        let ended = becomes_true(AT_MOST, async || status(app, &url).await == 404).await;
        assert!(ended, "the grant outlives its session");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_in_flight_breaks_off() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let url = hears(app, &ada).await;
        let whole = send(app.stranger().request(Method::GET, &url)).await.is(200).body.len();
        let mut slow = Raw::open_narrow(&app.site).await;
        slow.sends(format!("GET {url} HTTP/1.1\r\nHost: {}\r\n\r\n", app.site.authority())).await;
        slow.reads_some(1000).await;
        ada.delete("/session").await.is(204);
        let listening = becomes_true(AT_MOST, async || status(app, &url).await == 404).await;
        assert!(listening, "the grant outlives its session");
        let heard = slow.reads_to_the_end().await;
        assert!(heard < whole, "all {heard} bytes came");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn live_channels_end_with_their_session() {
    with_app(async |app| {
        let (phone, laptop) = (app.listener("ada").await, app.site.signs_in("ada").await);
        let (mut here, mut there) = (phone.listens_to("/live", None).await, laptop.listens_to("/live", None).await);
        phone.delete("/session").await.is(204);
        let last = tokio::time::timeout(AT_MOST, here.next()).await.expect("it ends");
        assert_eq!(last.map(|event| event.name), Some("session.ended".to_owned()));
        assert!(here.next().await.is_none());
        assert!(there.next_within(Duration::from_millis(300)).await.is_none());
        laptop.get("/me").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_here_ends_in_every_process() {
    with_settings(&[("secret_key", KEY)], async |app| {
        let ada = app.listener("ada").await;
        let url = hears(app, &ada).await;
        let data = app.data().to_str().expect("a plain path").to_owned();
        let other = App::start(app.platform.db.url(), &[("secret_key", KEY), ("data", &data)]).await;
        let token = ada.token.clone().unwrap_or_default();
        let me = async || send(other.stranger().request(Method::GET, "/me").bearer_auth(&token)).await.status;
        // Both are remembered there from now on.
        assert_eq!((me().await, status(&other, &url).await), (200, 206));
        ada.delete("/session").await.is(204);
        let ended = becomes_true(AT_MOST, async || me().await == 401 && status(&other, &url).await == 404).await;
        assert!(ended, "the other process has not heard of it");
        other.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_starts_later_knows_what_was_revoked() {
    with_settings(&[("secret_key", KEY)], async |app| {
        let ada = app.listener("ada").await;
        let url = hears(app, &ada).await;
        ada.delete("/session").await.is(204);
        let data = app.data().to_str().expect("a plain path").to_owned();
        let later = App::start(app.platform.db.url(), &[("secret_key", KEY), ("data", &data)]).await;
        assert_eq!(status(&later, &url).await, 404);
        later.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_looked_up_once_and_then_remembered() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.get("/notifications").await.is(200);
        // Behind the server's back: nobody tells it, so that what it remembers shows.
        app.execute("delete from accounts.sessions").await;
        ada.get("/notifications").await.is(200);
        let forgotten =
            becomes_true(AT_MOST + Duration::from_secs(2), async || ada.get("/notifications").await.status == 401)
                .await;
        assert!(forgotten, "it remembers for more than five seconds");
        ada.get("/notifications").await.is_problem(401, "unauthenticated");
        app.stranger().post("/session", json!({ "login": "ada", "password": "wrong" })).await.is(401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_begun_before_the_end_comes_too_late() {
    with_app(async |app| {
        let (thief, owner) = (app.listener("ada").await, app.site.signs_in("ada").await);
        let token = thief.token.clone().unwrap_or_default();
        for (method, path, body) in [
            ("PUT", "/me/password", json!({ "password": "the password of a thief" })),
            ("POST", "/me/tokens", json!({ "name": "x", "scopes": ["read"] })),
            ("POST", "/artists", json!({ "name": "Eve" })),
        ] {
            let thief = app.site.signs_in("ada").await.token.clone().unwrap_or_default();
            let (body, mut held) = (body.to_string(), Raw::open(&app.site).await);
            let (begun, last) = body.split_at(body.len() - 1);
            let head = format!(
                "{method} /api/v1{path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {thief}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{begun}",
                app.site.authority(),
                body.len()
            );
            held.sends(head).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
            owner.delete("/me/sessions").await.is(204);
            held.sends(last).await;
            let answer = held.reads().await;
            assert!(answer.starts_with("HTTP/1.1 401"), "{method} {path}: {answer}");
        }
        app.site.holds(&token).get("/me").await.is(401);
        owner.get("/me").await.is(200);
        app.site.signs_in("ada").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_thief_began_ends_with_their_session() {
    with_app(async |app| {
        let (thief, owner) = (app.listener("ada").await, app.site.signs_in("ada").await);
        thief.post("/me/email-changes", json!({ "email": "thief@example.net" })).await.is(202);
        let code = app.letter_to("thief@example.net", "").await.code();
        let change = json!({ "current_password": password("ada"), "password": "an entirely new one" });
        owner.put("/me/password", change).await.is(204);
        let path = format!("/email-changes/{code}");
        app.stranger().put(&path, json!({})).await.is_problem(404, "not-found");
        assert_eq!(owner.get("/me").await.is(200).json()["email"], "ada@example.org");
    })
    .await;
}
