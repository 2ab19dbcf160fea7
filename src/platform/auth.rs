//! Who is asking. Platform knows the shape of the answer; the look-up is handed in by the composition root.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::Platform;
use super::config::Config;
use super::db::named;
use super::error::{Code, Error, Result};
use super::id::{AccountId, SessionId};
use super::secret;

named! {
    /// What an account may do on this server.
    pub(crate) enum Role {
        Listener = "listener",
        Moderator = "moderator",
        Admin = "admin",
    }
}

/// A proven identity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity {
    pub(crate) account: AccountId,
    pub(crate) session: SessionId,
}

/// From the hash of a token to the identity that it proves, if it is valid now.
pub(crate) type LookUp = Arc<dyn Fn(Platform, Vec<u8>) -> BoxFuture<'static, Result<Option<Identity>>> + Send + Sync>;

/// Somebody or nobody: for routes that answer everybody, but not everybody the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewer(pub(crate) Option<Identity>);

impl Viewer {
    pub(crate) fn account(self) -> Option<AccountId> {
        self.0.map(|identity| identity.account)
    }
}

impl FromRequest for Identity {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { identify(&request).await?.ok_or(Error::Unauthenticated) })
    }
}

impl FromRequest for Viewer {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { identify(&request).await.map(Viewer) })
    }
}

async fn identify(request: &HttpRequest) -> Result<Option<Identity>> {
    if let Some(identity) = request.extensions().get::<Identity>() {
        return Ok(Some(*identity));
    }
    let Some(token) = presented(request)? else { return Ok(None) };
    let look_up = request.app_data::<Data<LookUp>>().ok_or_else(|| anyhow::anyhow!("no look-up registered"))?;
    let platform = request.app_data::<Data<Platform>>().ok_or_else(|| anyhow::anyhow!("no platform registered"))?;
    let identity = look_up(platform.get_ref().clone(), secret::hash(token.secret())).await?;
    match (&identity, &token) {
        (Some(identity), _) => {
            request.extensions_mut().insert(*identity);
        }
        // A stale cookie is nobody; a stale token in a header is a client's mistake that it must see.
        (None, Token::Bearer(_)) => return Err(Error::Unauthenticated),
        (None, Token::Cookie(_)) => {}
    }
    Ok(identity)
}

enum Token {
    Bearer(String),
    Cookie(String),
}

impl Token {
    fn secret(&self) -> &str {
        match self {
            Self::Bearer(token) | Self::Cookie(token) => token,
        }
    }
}

fn presented(request: &HttpRequest) -> Result<Option<Token>> {
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        return token.map(|token| Some(Token::Bearer(token.trim().to_owned()))).ok_or(Error::Unauthenticated);
    }
    let config = &request.app_data::<Data<Platform>>().ok_or(Error::Unauthenticated)?.config;
    let Some(cookie) = request.cookie(cookie_name(config)) else { return Ok(None) };
    if !request.method().is_safe() {
        require_same_origin(request, config)?;
    }
    Ok(Some(Token::Cookie(cookie.value().to_owned())))
}

/// A write with a cookie, and signing in for one, must come from our own pages (security case B1).
pub(crate) fn require_same_origin(request: &HttpRequest, config: &Config) -> Result<()> {
    if origin(request).is_some_and(|origin| is_ours(origin, request, config)) {
        Ok(())
    } else {
        Err(Error::Refused(Code::ForeignOrigin))
    }
}

/// What carries no cookie may come without an `Origin` (curl), but not from a foreign page.
pub(crate) fn refuse_foreign_origin(request: &HttpRequest, config: &Config) -> Result<()> {
    match origin(request) {
        Some(origin) if !is_ours(origin, request, config) => Err(Error::Refused(Code::ForeignOrigin)),
        _ => Ok(()),
    }
}

fn origin(request: &HttpRequest) -> Option<&str> {
    request.headers().get(header::ORIGIN).map(|value| value.to_str().unwrap_or("null"))
}

fn is_ours(origin: &str, request: &HttpRequest, config: &Config) -> bool {
    match &config.public_url {
        Some(public) => origin == public,
        None => {
            let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            host.is_some() && authority == host
        }
    }
}

/// The session's cookie. `None` takes it away.
pub(crate) fn session_cookie(
    config: &Config,
    session: Option<(&str, DateTime<Utc>)>,
    now: DateTime<Utc>,
) -> Cookie<'static> {
    let (value, lifetime) = match session {
        Some((token, expires_at)) => (token.to_owned(), (expires_at - now).num_seconds()),
        None => (String::new(), 0),
    };
    Cookie::build(cookie_name(config), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_https(config))
        .max_age(actix_web::cookie::time::Duration::seconds(lifetime))
        .finish()
}

fn cookie_name(config: &Config) -> &'static str {
    if is_https(config) { "__Host-legato_session" } else { "legato_session" }
}

fn is_https(config: &Config) -> bool {
    config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
}

/// Where the request came from: what the device calls itself, for the list of sessions.
#[derive(Debug, Clone)]
pub(crate) struct Device(pub(crate) String);

impl FromRequest for Device {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
        ready(Ok(Self(agent.chars().take(200).collect())))
    }
}
