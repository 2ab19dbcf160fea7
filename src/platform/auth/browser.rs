//! What a browser brings along: the session's cookie, and the origin of the page that asks.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;
use chrono::{DateTime, Utc};

use crate::platform::config::Config;
use crate::platform::error::{Code, Error, Result};

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

pub(super) fn cookie_name(config: &Config) -> &'static str {
    if is_https(config) { "__Host-legato_session" } else { "legato_session" }
}

pub(crate) fn is_https(config: &Config) -> bool {
    config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
}
