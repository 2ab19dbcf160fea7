//! Sign in: a password for a session.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::account::Account;
use super::me::Me;
use super::password;
use super::session::{LIFETIME, Session};
use crate::platform::Platform;
use crate::platform::auth::{self, Device};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::Json;
use crate::platform::secret;

/// Credentials.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// Handle or e-mail address.
    #[schema(max_length = 254)]
    login: String,
    #[schema(value_type = String, max_length = 256)]
    password: SecretString,
    /// True: the session lives in an `HttpOnly` cookie, and the answer holds no token.
    #[serde(default)]
    cookie: bool,
}

/// A new session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedIn {
    /// For `Authorization: Bearer`; absent when the session lives in a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    expires_at: DateTime<Utc>,
    account: Me,
}

struct Opened {
    token: SecretString,
    session: Session,
    account: Account,
}

/// Sign in.
#[utoipa::path(tag = "accounts", request_body = Credentials, responses(
    (status = 201, body = SignedIn), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 429, body = Problem)))]
#[post("/session")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    device: Device,
    Json(credentials): Json<Credentials>,
) -> Result<HttpResponse> {
    let in_cookie = credentials.cookie;
    if in_cookie {
        auth::require_same_origin(&request, &platform.config)?;
    } else {
        auth::refuse_foreign_origin(&request, &platform.config)?;
    }
    let opened = sign_in(&platform, credentials, &device).await?;
    answer(&platform, opened, in_cookie)
}

fn answer(platform: &Platform, opened: Opened, in_cookie: bool) -> Result<HttpResponse> {
    let (token, expires_at) = (opened.token.expose_secret(), opened.session.expires_at);
    let mut response = HttpResponse::Created();
    if in_cookie {
        let now = platform.clock.now();
        response.cookie(auth::session_cookie(&platform.config, Some((token, expires_at)), now));
    }
    let token = (!in_cookie).then(|| token.to_owned());
    response.insert_header(("Cache-Control", "no-store"));
    Ok(response.json(SignedIn { token, expires_at, account: opened.account.into() }))
}

async fn sign_in(platform: &Platform, credentials: Credentials, device: &Device) -> Result<Opened> {
    // The connection goes back before the slow hash.
    let found = Account::find_by_login(&mut *platform.db.conn().await?, &credentials.login).await?;
    let (account, hash) = found.unzip();
    let right = password::matches(&credentials.password, hash).await?;
    let account = account.filter(|_| right).ok_or(Error::Refused(Code::WrongCredentials))?;
    let token = secret::token("legato_s_")?;
    let token_hash = secret::hash(token.expose_secret());
    let expires_at = platform.clock.now() + LIFETIME;
    let mut conn = platform.db.conn().await?;
    let session = Session::insert(&mut conn, account.id, &token_hash, &device.0, expires_at).await?;
    Ok(Opened { token, session, account })
}
