//! The provider: discovery, keys, authorization, tokens and user info, over real HTTP.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Data, Form, Query};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use legato::platform::clock::Clock;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::signing::{Key, as_secret, forged, id_of, signed_with_secret, unsigned};

const CLIENT: &str = "legato";
const SECRET: &str = "the client's secret";

/// A running provider, where somebody is signed in.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    desk: Arc<Mutex<Desk>>,
    server: ServerHandle,
}

/// Who is signed in there.
#[derive(Debug, Clone)]
pub(crate) struct Claims {
    pub(crate) subject: &'static str,
    pub(crate) email: Option<&'static str>,
    pub(crate) verified: bool,
    pub(crate) username: Option<&'static str>,
}

/// What the provider does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trick {
    None,
    /// People do not agree.
    Denies,
    /// It sends them back in another's name (RFC 9207).
    OtherIssuerOnReturn,
    RefusesTheCode,
    Breaks,
    GivesNoIdToken,
    Unsigned,
    /// HS256 under the client's secret.
    SignedWithTheSecret,
    /// HS256 under its public key.
    SignedWithThePublicKey,
    /// Changed after it was signed.
    Forged,
    /// Under a key that is not its own, by the name of one that is.
    SignedByAnother,
    /// Under a key that it never publishes.
    UnpublishedKey,
    OtherIssuer,
    OtherAudience,
    /// For us and for somebody else.
    MoreAudiences,
    /// For us, but at another's request.
    OtherParty,
    OtherNonce,
    NoNonce,
    Expired,
    /// It tells the address to who asks for it, and not in the token.
    TellsTheAddressLater,
    /// The same, but of somebody else.
    TellsAnothersAddress,
}

struct Desk {
    issuer: String,
    person: Claims,
    trick: Trick,
    key: Key,
    codes: HashMap<String, Visit>,
    asked_for_keys: usize,
}

/// Somebody who was here, and for whom a code was made.
#[derive(Clone)]
struct Visit {
    redirect_uri: String,
    challenge: String,
    nonce: String,
}

type Shared = Data<Mutex<Desk>>;

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let person = Claims { subject: "42", email: Some("ada@example.org"), verified: true, username: Some("ada") };
        let (trick, key, codes) = (Trick::None, Key::rsa("first"), HashMap::new());
        let desk = Desk { issuer: issuer.clone(), person, trick, key, codes, asked_for_keys: 0 };
        let desk = Arc::new(Mutex::new(desk));
        let shared: Shared = Data::from(desk.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/keys", web::get().to(keys))
                .route("/authorize", web::get().to(authorize))
                .route("/token", web::post().to(token))
                .route("/userinfo", web::get().to(user_info))
        });
        let server = server.workers(1).disable_signals().listen(listener).expect("a listener").run();
        let handle = server.handle();
        #[expect(clippy::disallowed_methods, reason = "a task of the test")]
        tokio::spawn(server);
        Self { issuer, desk, server: handle }
    }

    /// As an entry of the setting `oidc`.
    pub(crate) fn setting(&self, name: &str) -> Value {
        json!({ "name": name, "label": name.to_uppercase(), "issuer": self.issuer, "client_id": CLIENT, "client_secret": SECRET })
    }

    /// From now on somebody else is signed in there.
    pub(crate) fn serves(&self, person: Claims) {
        self.desk().person = person;
    }

    pub(crate) fn plays(&self, trick: Trick) {
        self.desk().trick = trick;
    }

    /// It throws its key away and makes another one, of another kind.
    pub(crate) fn changes_its_key(&self) {
        self.desk().key = Key::ed_dsa("second");
    }

    /// How often somebody asked for its keys.
    pub(crate) fn asked_for_keys(&self) -> usize {
        self.desk().asked_for_keys
    }

    pub(crate) async fn stop(&self) {
        self.server.stop(false).await;
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().expect("whole")
    }
}

async fn discovery(desk: Shared) -> HttpResponse {
    let issuer = &desk.lock().expect("whole").issuer;
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "EdDSA", "HS256", "none"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "something_new": { "that": "nobody knows" },
    }))
}

async fn keys(desk: Shared) -> HttpResponse {
    let mut desk = desk.lock().expect("whole");
    desk.asked_for_keys += 1;
    HttpResponse::Ok().json(json!({ "keys": [desk.key.public()] }))
}

async fn authorize(desk: Shared, Query(asked): Query<HashMap<String, String>>) -> HttpResponse {
    let mut desk = desk.lock().expect("whole");
    assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
    assert_eq!(asked["code_challenge_method"], "S256");
    let scopes: Vec<&str> = asked["scope"].split(' ').collect();
    assert!(["openid", "email", "profile"].iter().all(|scope| scopes.contains(scope)), "{scopes:?}");
    assert!(asked["state"].len() >= 43 && asked["nonce"].len() >= 43, "{asked:?}");
    let mut back = form_urlencoded::Serializer::new(String::new());
    back.append_pair("state", &asked["state"]);
    if desk.trick == Trick::Denies {
        back.append_pair("error", "access_denied");
    } else {
        let code = uuid::Uuid::new_v4().to_string();
        let iss = if desk.trick == Trick::OtherIssuerOnReturn { "https://evil.example" } else { &desk.issuer };
        back.append_pair("code", &code).append_pair("iss", iss);
        let visit = Visit {
            redirect_uri: asked["redirect_uri"].clone(),
            challenge: asked["code_challenge"].clone(),
            nonce: asked["nonce"].clone(),
        };
        desk.codes.insert(code, visit);
    }
    let back = format!("{}?{}", asked["redirect_uri"], back.finish());
    HttpResponse::SeeOther().insert_header(("location", back)).finish()
}

async fn token(request: HttpRequest, desk: Shared, Form(asked): Form<HashMap<String, String>>) -> HttpResponse {
    let mut desk = desk.lock().expect("whole");
    if desk.trick == Trick::Breaks {
        return HttpResponse::InternalServerError().body("<h1>it broke</h1>");
    }
    let secret: String = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{secret}")));
    let is_the_client =
        request.headers().get("authorization").is_some_and(|value| value.as_bytes() == basic.as_bytes());
    let visit = desk.codes.remove(&asked["code"]);
    let visit = visit.filter(|visit| {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&asked["code_verifier"]));
        asked["grant_type"] == "authorization_code"
            && visit.redirect_uri == asked["redirect_uri"]
            && visit.challenge == challenge
    });
    let Some(visit) = visit.filter(|_| is_the_client && desk.trick != Trick::RefusesTheCode) else {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" }));
    };
    let mut answer = json!({ "access_token": "a token of the provider", "token_type": "Bearer", "expires_in": 60 });
    if desk.trick != Trick::GivesNoIdToken {
        answer["id_token"] = id_token(&desk, &visit).into();
    }
    HttpResponse::Ok().json(answer)
}

async fn user_info(request: HttpRequest, desk: Shared) -> HttpResponse {
    let desk = desk.lock().expect("whole");
    let bearer = request.headers().get("authorization").map(|value| value.as_bytes().to_vec());
    if bearer.as_deref() != Some(b"Bearer a token of the provider") {
        return HttpResponse::Unauthorized().finish();
    }
    let mut claims = about(&desk.person);
    if desk.trick == Trick::TellsAnothersAddress {
        claims["sub"] = "somebody else".into();
    }
    HttpResponse::Ok().json(claims)
}

fn about(person: &Claims) -> Value {
    let mut claims = json!({ "sub": person.subject });
    if let Some(username) = person.username {
        claims["preferred_username"] = username.into();
    }
    if let Some(email) = person.email {
        claims["email"] = email.into();
        claims["email_verified"] = person.verified.into();
    }
    claims
}

fn id_token(desk: &Desk, visit: &Visit) -> String {
    let claims = claims(desk, visit);
    let public = desk.key.public();
    let id = id_of(&public);
    match desk.trick {
        Trick::Unsigned => unsigned(&claims),
        Trick::SignedWithTheSecret => signed_with_secret(SECRET.as_bytes(), &claims, &id),
        Trick::SignedWithThePublicKey => signed_with_secret(&as_secret(&public), &claims, &id),
        Trick::Forged => forged(&desk.key.signs(&claims, &id)),
        Trick::SignedByAnother => Key::ed_dsa(&id).signs(&claims, &id),
        Trick::UnpublishedKey => Key::ed_dsa("third").signs(&claims, "third"),
        _ => desk.key.signs(&claims, &id),
    }
}

fn claims(desk: &Desk, visit: &Visit) -> Value {
    let now = Clock::default().now().timestamp();
    let mut claims = about(&desk.person);
    claims["iss"] = desk.issuer.as_str().into();
    claims["aud"] = CLIENT.into();
    claims["iat"] = now.into();
    claims["exp"] = (now + 3600).into();
    claims["nonce"] = visit.nonce.as_str().into();
    let members = claims.as_object_mut().expect("an object");
    let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
    match desk.trick {
        Trick::OtherIssuer => drop(set("iss", "https://evil.example".into())),
        Trick::OtherAudience => drop(set("aud", "another client".into())),
        Trick::MoreAudiences => drop(set("aud", json!([CLIENT, "another client"]))),
        Trick::OtherParty => drop(set("azp", "another client".into())),
        Trick::OtherNonce => drop(set("nonce", "of another sign-in".into())),
        Trick::NoNonce => drop(members.remove("nonce")),
        Trick::Expired => drop(set("exp", (now - 1).into())),
        Trick::TellsTheAddressLater | Trick::TellsAnothersAddress => drop(members.remove("email")),
        _ => {}
    }
    claims
}
