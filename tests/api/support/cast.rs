//! The cast: people who use a server over HTTP.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, ClientBuilder, Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Answer, Events, becomes_true, tone};

/// A chain gets this long.
const CHAIN: Duration = Duration::from_secs(90);

/// A server somewhere, and a client that talks to it.
pub(crate) struct Site {
    pub(crate) http: Client,
    pub(crate) base: String,
}

/// Somebody in front of it.
pub(crate) struct Person<'a> {
    site: &'a Site,
    pub(crate) handle: String,
    /// The account's id; empty for strangers.
    pub(crate) id: String,
    pub(crate) token: Option<String>,
}

/// A release of one track.
pub(crate) struct Single {
    pub(crate) release: String,
    pub(crate) track: String,
}

impl Site {
    pub(crate) fn at(base: &str) -> Self {
        let http = client().build().expect("a client");
        Self { http, base: base.to_owned() }
    }

    /// The address behind a path of the API (`/me`), or behind a whole path (`/api/v1/me`, `/healthz`).
    pub(crate) fn url(&self, path: &str) -> String {
        let is_whole = ["/api/", "/healthz", "/readyz"].iter().any(|prefix| path.starts_with(prefix));
        if is_whole { format!("{}{path}", self.base) } else { format!("{}/api/v1{path}", self.base) }
    }

    /// `HOST:PORT`.
    pub(crate) fn authority(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    pub(crate) fn stranger(&self) -> Person<'_> {
        Person { site: self, handle: String::new(), id: String::new(), token: None }
    }

    pub(crate) async fn listener(&self, handle: &str) -> Person<'_> {
        let account =
            json!({ "handle": handle, "email": format!("{handle}@example.org"), "password": password(handle) });
        patiently(async || self.stranger().post("/accounts", account.clone()).await).await.is(201);
        self.signs_in(handle).await
    }

    /// Whoever holds this token.
    pub(crate) fn holds(&self, token: &str) -> Person<'_> {
        Person { site: self, handle: String::new(), id: String::new(), token: Some(token.to_owned()) }
    }

    /// A new session of somebody with an account.
    pub(crate) async fn signs_in(&self, handle: &str) -> Person<'_> {
        let credentials = json!({ "login": handle, "password": password(handle), "reopen": true });
        let session = patiently(async || self.stranger().post("/session", credentials.clone()).await).await;
        let session = session.is(201).json();
        let id = text(&session["account"]["id"]);
        Person { site: self, handle: handle.to_owned(), id, token: Some(text(&session["token"])) }
    }

    pub(crate) async fn artist(&self, handle: &str) -> Person<'_> {
        let person = self.listener(handle).await;
        person.creates_artist(handle).await;
        person
    }
}

/// A client without TLS: the tests speak to this machine alone, and certificates take a while to read.
pub(crate) fn client() -> ClientBuilder {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let tls = tls.expect("versions").with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    Client::builder().timeout(Duration::from_secs(60)).tls_backend_preconfigured(tls)
}

/// Everybody's password.
pub(crate) fn password(handle: &str) -> String {
    format!("the password of {handle}")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

impl<'a> Person<'a> {
    /// A request as this person.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.site.http.request(method, self.site.url(path));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::PUT, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        send(self.request(Method::DELETE, path)).await
    }

    /// An event stream, from its beginning or after an event.
    pub(crate) async fn listens_to(&self, path: &str, last_event: Option<&str>) -> Events {
        let request = self.request(Method::GET, path);
        let request = match last_event {
            Some(id) => request.header("last-event-id", id),
            None => request,
        };
        Events::of(request.send().await.expect("an answer"))
    }

    /// A whole list, page by page; fails when something comes twice.
    pub(crate) async fn walks(&self, path: &str, limit: usize) -> Vec<Value> {
        let glue = if path.contains('?') { '&' } else { '?' };
        let (mut items, mut cursor): (Vec<Value>, _) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}{glue}limit={limit}{cursor}")).await.is(200).json();
            let list = page["items"].as_array().expect("items");
            assert!(list.len() <= limit, "{page}");
            assert!(list.iter().all(|item| items.iter().all(|seen| seen["id"] != item["id"])), "twice in {path}");
            items.extend(list.iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    /// Creates an artist; the answer is its slug.
    pub(crate) async fn creates_artist(&self, name: &str) -> String {
        text(&self.post("/artists", json!({ "name": name })).await.is(201).json()["slug"])
    }

    /// Creates a draft of the artist with this person's name; the answer is its id.
    pub(crate) async fn creates_release(&self, title: &str) -> String {
        let release = json!({ "title": title, "kind": "single" });
        text(&self.post(&format!("/artists/{}/releases", self.handle), release).await.is(201).json()["id"])
    }

    /// Uploads a file; the answer is the server's.
    pub(crate) async fn tries_to_upload(&self, release: &str, filename: &str, bytes: impl Into<Bytes>) -> Answer {
        let part = Part::stream(reqwest::Body::from(bytes.into())).file_name(filename.to_owned());
        let request = self.request(Method::POST, &format!("/releases/{release}/tracks"));
        send(request.multipart(Form::new().part("file", part))).await
    }

    /// Uploads a file; the answer is the track's id.
    pub(crate) async fn uploads(&self, release: &str, filename: &str, bytes: impl Into<Bytes>) -> String {
        text(&self.tries_to_upload(release, filename, bytes).await.is(202).json()["id"])
    }

    /// Waits until a track's chain has ended; the answer is the track.
    pub(crate) async fn waits_for(&self, track: &str) -> Value {
        let path = format!("/tracks/{track}");
        let ended = becomes_true(CHAIN, async || self.get(&path).await.is(200).json()["state"] != "processing").await;
        let track = self.get(&path).await.json();
        assert!(ended, "still processing: {track:#}");
        track
    }

    pub(crate) async fn waits_until_ready(&self, track: &str) -> Value {
        let track = self.waits_for(track).await;
        assert_eq!(track["state"], "ready", "{track:#}");
        track
    }

    pub(crate) async fn publishes(&self, release: &str) -> Value {
        self.put(&format!("/releases/{release}/publication"), json!({})).await.is(200).json()
    }

    /// A draft with one track of one second that is ready.
    pub(crate) async fn drafts_a_single(&self, title: &str) -> Single {
        let release = self.creates_release(title).await;
        let track = self.uploads(&release, &format!("{title}.wav"), tone(440.0, 1.0)).await;
        self.waits_until_ready(&track).await;
        Single { release, track }
    }

    /// The same, published.
    pub(crate) async fn publishes_a_single(&self, title: &str) -> Single {
        let single = self.drafts_a_single(title).await;
        self.publishes(&single.release).await;
        single
    }

    pub(crate) async fn follows(&self, artist: &str) {
        self.put(&format!("/artists/{artist}/following"), json!({})).await.is(204);
    }

    /// Presses play; the answer is the granted play.
    pub(crate) async fn plays(&self, track: &str) -> Value {
        self.post("/plays", json!({ "track_id": track })).await.is(201).json()
    }

    /// Hears so much of a track, a minute ago, as a player without a network tells; the answer is the play's id.
    pub(crate) async fn hears_for(&self, track: &str, heard_ms: i64) -> String {
        let id = text(&self.plays(track).await["id"]);
        let started_at = legato::platform::clock::Clock::default().now() - chrono::TimeDelta::seconds(60);
        let report =
            json!({ "position_ms": heard_ms, "heard_ms": heard_ms, "state": "ended", "started_at": started_at });
        self.patch(&format!("/plays/{id}"), report).await.is(200);
        id
    }

    /// Hears a track to its end, one that is no longer than a minute.
    pub(crate) async fn hears(&self, track: &str) -> String {
        self.hears_for(track, 30_000).await
    }
}

/// Asks again whenever the machine is too busy to hash a password: the server says to come back soon.
pub(crate) async fn patiently(ask: impl AsyncFn() -> Answer) -> Answer {
    loop {
        let answer = ask().await;
        match too_busy(answer.status, &answer.headers) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => return answer,
        }
    }
}

/// How long to wait, when the answer is that too much is under way; limits by the quarter and the hour say more.
pub(crate) fn too_busy(status: u16, headers: &HeaderMap) -> Option<Duration> {
    let wait = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    (status == 429 && wait <= 5).then_some(Duration::from_secs(wait))
}

/// Sends a request and reads the whole answer.
pub(crate) async fn send(request: RequestBuilder) -> Answer {
    Answer::of(request.send().await.expect("an answer")).await
}
