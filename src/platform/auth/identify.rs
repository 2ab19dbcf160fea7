//! From a request to a proof.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::BoxFuture;

use super::browser::{cookie_name, require_same_origin};
use super::proof::Proof;
use crate::platform::Platform;
use crate::platform::client::ClientAddress;
use crate::platform::error::{Error, Result};
use crate::platform::secret;

/// API tokens begin with this.
pub(crate) const TOKEN_PREFIX: &str = "legato_t_";

/// The longest token that is looked at.
const MAX_TOKEN_BYTES: usize = 256;

/// A token as it came in, but for the token itself.
#[derive(Debug, Clone)]
pub(crate) struct Presented {
    pub(crate) hash: Vec<u8>,
    /// An API token rather than a session's.
    pub(crate) is_api_token: bool,
    /// Where the request came from.
    pub(crate) address: IpAddr,
}

/// From a token to what it proves, if it is valid now.
pub(crate) type LookUp = Arc<dyn Fn(Platform, Presented) -> BoxFuture<'static, Result<Option<Proof>>> + Send + Sync>;

/// Who asks; the answer may be 5 s old.
pub(super) async fn identify(request: &HttpRequest) -> Result<Option<Proof>> {
    if let Some(proof) = request.extensions().get::<Proof>() {
        return Ok(Some(*proof));
    }
    let Some(token) = presented(request)? else { return Ok(None) };
    let platform = platform_of(request)?;
    let proof = match platform.auth.find(&secret::hash(token.secret()), platform.clock.now()) {
        Some(proof) => Some(proof),
        None => look_up(request, &token).await?,
    };
    match (&proof, &token) {
        (Some(proof), _) => {
            request.extensions_mut().insert(*proof);
        }
        // A stale cookie is nobody; a stale token in a header is a client's mistake that it must see.
        (None, Token::Bearer(_)) => return Err(Error::Unauthenticated),
        (None, Token::Cookie(_)) => {}
    }
    Ok(proof)
}

/// Whoever was identified when a request began still is: asked when its body has arrived. A client may take its time with
/// that, and keep a request open over the end of its session.
pub(crate) async fn require_still(request: &HttpRequest) -> Result<()> {
    let Some(before) = request.extensions_mut().remove::<Proof>() else { return Ok(()) };
    match identify(request).await? {
        Some(now) if now.credential == before.credential && now.role == before.role => Ok(()),
        _ => Err(Error::Unauthenticated),
    }
}

/// Whose session a browser brings along in its cookie, if it lives: signing in takes its place.
pub(crate) async fn cookie_session(request: &HttpRequest) -> Result<Option<Proof>> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        return Ok(None);
    }
    identify(request).await
}

/// Who asks, as the database has it now.
pub(super) async fn identify_anew(request: &HttpRequest) -> Result<Option<Proof>> {
    let Some(token) = presented(request)? else { return Ok(None) };
    look_up(request, &token).await
}

async fn look_up(request: &HttpRequest, token: &Token) -> Result<Option<Proof>> {
    let platform = platform_of(request)?;
    let look_up = request.app_data::<Data<LookUp>>().ok_or_else(|| anyhow::anyhow!("no look-up registered"))?;
    let hash = secret::hash(token.secret());
    let address = ClientAddress::of(request).0;
    let presented = Presented { hash: hash.clone(), is_api_token: token.secret().starts_with(TOKEN_PREFIX), address };
    let (now, generation) = (platform.clock.now(), platform.auth.generation());
    let proof = look_up(platform.clone(), presented).await?;
    if let Some(proof) = proof {
        platform.auth.remember(&hash, proof, now, generation);
    }
    Ok(proof)
}

pub(super) fn platform_of(request: &HttpRequest) -> Result<&Platform> {
    let platform = request.app_data::<Data<Platform>>().ok_or_else(|| anyhow::anyhow!("no platform registered"))?;
    Ok(platform.get_ref())
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
        let token = value.to_str().ok().and_then(bearer).filter(|token| token.len() <= MAX_TOKEN_BYTES);
        return token.map(|token| Some(Token::Bearer(token.to_owned()))).ok_or(Error::Unauthenticated);
    }
    let config = &platform_of(request)?.config;
    let Some(cookie) = request.cookie(cookie_name(config)) else { return Ok(None) };
    if !request.method().is_safe() {
        require_same_origin(request, config)?;
    }
    Ok(Some(Token::Cookie(cookie.value().to_owned())))
}

// The scheme's name in any case (RFC 9110 §11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// What the device calls itself, for the list of sessions.
#[derive(Debug, Clone)]
pub(crate) struct Device(pub(crate) String);

impl FromRequest for Device {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

impl Device {
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
        Self(agent.chars().take(200).collect())
    }
}
