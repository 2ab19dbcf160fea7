//! A server that speaks as ListenBrainz and Last.fm do, and remembers what it was told.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Data, Form, Json};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use md5::{Digest, Md5};
use serde_json::{Value, json};

pub(super) const API_KEY: &str = "the key";
pub(super) const SECRET: &str = "the secret";
/// A token that ListenBrainz takes, and one that its owner agreed to at Last.fm.
pub(super) const TOKEN: &str = "a token";
pub(super) const AGREED: &str = "agreed";
const SESSION: &str = "a session key";

/// How the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    Well,
    Away,
    /// It takes no token any more.
    Strict,
}

struct Desk {
    mood: Mood,
    listens: Vec<Value>,
    calls: Vec<BTreeMap<String, String>>,
}

type Shared = Arc<Mutex<Desk>>;

pub(super) struct Elsewhere {
    authority: String,
    desk: Shared,
    server: ServerHandle,
}

impl Elsewhere {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let authority = listener.local_addr().expect("an address").to_string();
        let desk: Shared = Arc::new(Mutex::new(Desk { mood: Mood::Well, listens: Vec::new(), calls: Vec::new() }));
        let shared = Arc::clone(&desk);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(Data::new(Arc::clone(&shared)))
                .route("/listenbrainz/1/validate-token", web::get().to(validate))
                .route("/listenbrainz/1/submit-listens", web::post().to(submit))
                .route("/lastfm/2.0/", web::post().to(call))
        });
        let server = server.workers(1).disable_signals().listen(listener).expect("it listens").run();
        let handle = server.handle();
        #[expect(clippy::disallowed_methods, reason = "a server beside the test")]
        tokio::spawn(server);
        Self { authority, desk, server: handle }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority)
    }

    pub(super) fn is(&self, mood: Mood) {
        self.desk.lock().expect("not poisoned").mood = mood;
    }

    /// What ListenBrainz was told, of one type.
    pub(super) fn listens(&self, kind: &str) -> Vec<Value> {
        let desk = self.desk.lock().expect("not poisoned");
        desk.listens.iter().filter(|listen| listen["listen_type"] == kind).cloned().collect()
    }

    /// What Last.fm was told by a method.
    pub(super) fn calls(&self, method: &str) -> Vec<BTreeMap<String, String>> {
        let desk = self.desk.lock().expect("not poisoned");
        desk.calls.iter().filter(|call| call["method"] == method).cloned().collect()
    }

    pub(super) async fn stop(self) {
        self.server.stop(false).await;
    }
}

fn mood(desk: &Shared) -> Mood {
    desk.lock().expect("not poisoned").mood
}

fn is_authorized(request: &HttpRequest) -> bool {
    request.headers().get("authorization").is_some_and(|value| value.as_bytes() == format!("Token {TOKEN}").as_bytes())
}

async fn validate(request: HttpRequest, desk: Data<Shared>) -> HttpResponse {
    match (mood(&desk), is_authorized(&request)) {
        (Mood::Away, _) => HttpResponse::ServiceUnavailable().finish(),
        (Mood::Well, true) => {
            HttpResponse::Ok().json(json!({ "code": 200, "valid": true, "user_name": "ada_listens" }))
        }
        _ => HttpResponse::Ok().json(json!({ "code": 200, "valid": false, "message": "Token invalid." })),
    }
}

async fn submit(request: HttpRequest, desk: Data<Shared>, Json(listen): Json<Value>) -> HttpResponse {
    match (mood(&desk), is_authorized(&request)) {
        (Mood::Away, _) => HttpResponse::ServiceUnavailable().finish(),
        (Mood::Well, true) => {
            desk.lock().expect("not poisoned").listens.push(listen);
            HttpResponse::Ok().json(json!({ "status": "ok" }))
        }
        _ => HttpResponse::Unauthorized().json(json!({ "code": 401, "error": "Invalid authorization token." })),
    }
}

async fn call(desk: Data<Shared>, Form(call): Form<BTreeMap<String, String>>) -> HttpResponse {
    let fails = |error: u32| HttpResponse::Ok().json(json!({ "error": error, "message": "No." }));
    if mood(&desk) == Mood::Away {
        return fails(11);
    }
    let mut hasher = Md5::new();
    for (name, value) in call.iter().filter(|(name, _)| !["api_sig", "format"].contains(&name.as_str())) {
        hasher.update(name);
        hasher.update(value);
    }
    hasher.update(SECRET);
    let signature: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    if call.get("api_sig") != Some(&signature) || call.get("api_key").map(String::as_str) != Some(API_KEY) {
        return fails(13);
    }
    let text = |name: &str| call.get(name).map(String::as_str);
    let answer = match text("method") {
        Some("auth.getToken") => json!({ "token": AGREED }),
        Some("auth.getSession") if text("token") == Some(AGREED) => {
            json!({ "session": { "name": "ada.fm", "key": SESSION, "subscriber": 0 } })
        }
        Some("auth.getSession") => return fails(14),
        Some("track.scrobble" | "track.updateNowPlaying") if text("sk") != Some(SESSION) => return fails(9),
        Some("track.scrobble" | "track.updateNowPlaying") if mood(&desk) == Mood::Strict => return fails(9),
        Some("track.scrobble" | "track.updateNowPlaying") => json!({ "scrobbles": { "@attr": { "accepted": 1 } } }),
        _ => return fails(3),
    };
    desk.lock().expect("not poisoned").calls.push(call);
    HttpResponse::Ok().json(answer)
}
