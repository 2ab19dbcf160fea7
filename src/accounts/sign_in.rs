//! Sign in: a password, and a second factor where there is one, for a session.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::Account;
use super::open_session::{self, Arrival, Opened, SignedIn};
use super::{attempts, password, second_factor};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::Json;

/// Credentials.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// Handle or e-mail address.
    #[schema(max_length = 254)]
    login: String,
    #[schema(value_type = String, max_length = 256)]
    password: SecretString,
    /// Of the authenticator, or a recovery code, where the account has a second factor.
    #[schema(value_type = Option<String>, max_length = 64)]
    code: Option<SecretString>,
    /// True: the session lives in an `HttpOnly` cookie, and the answer holds no token.
    #[serde(default)]
    cookie: bool,
    /// True: an account that is about to be closed is kept.
    #[serde(default)]
    reopen: bool,
}

/// Sign in. 401 `second-factor-required` says that the password is right and `code` is wanted too.
#[utoipa::path(tag = "accounts", request_body = Credentials, responses(
    (status = 201, body = SignedIn), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 429, body = Problem)))]
#[post("/session")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    Json(credentials): Json<Credentials>,
) -> Result<HttpResponse> {
    let arrival = Arrival::of(&request, &platform, credentials.cookie, credentials.reopen).await?;
    let opened = sign_in(&platform, &credentials, &arrival).await?;
    Ok(open_session::answer(&platform, opened, arrival.in_cookie))
}

async fn sign_in(platform: &Platform, credentials: &Credentials, arrival: &Arrival) -> Result<Opened> {
    // The connection goes back before the slow hash.
    let found = Account::find_by_login(&mut *platform.db.conn().await?, &credentials.login).await?;
    let (account, hash) = found.map_or((None, None), |(account, hash)| (Some(account), hash));
    let known = account.as_ref().map(|account| account.id);
    let attempt = attempts::sign_in(platform, known, &credentials.login, &arrival.address).await?;
    let judged = password::matches(&credentials.password, hash.clone()).await;
    let (attempt, right) = attempt.judged(judged).await?;
    let account = account.filter(|_| right).ok_or(Error::Refused(Code::WrongCredentials))?;
    let needed = needed_code(platform, &account, credentials.code.as_ref()).await;
    if let Ok(Some(code)) = needed {
        second_factor::check_code(platform, account.id, code).await?;
    }
    attempt.succeeded().await; // also where the code is still to come: nothing was guessed wrong
    let code = needed?;
    let renewed = password::renewed(&credentials.password, hash.as_deref()).await?;
    let renewal = hash.as_ref().zip(renewed);
    platform
        .db
        .transaction(async |conn| {
            require_unchanged(conn, &account, hash.as_deref(), code.is_some()).await?;
            if let Some((old, new)) = &renewal {
                Account::renew_password_hash(conn, account.id, old, new).await?;
            }
            open_session::open(conn, platform, &account, arrival).await
        })
        .await
}

// Whoever resets a password, or turns a second factor on, wants those out who know the password alone: those too who are
// just coming in.
async fn require_unchanged(conn: &mut Conn, account: &Account, hash: Option<&str>, gave_code: bool) -> Result<()> {
    let now = Account::lock_password_hash(conn, account.id).await?;
    if now.as_deref() != hash {
        return Err(Error::Refused(Code::WrongCredentials));
    }
    if !gave_code && second_factor::is_on(conn, account.id).await? {
        return Err(Error::Refused(Code::SecondFactorRequired));
    }
    Ok(())
}

// A wrong password never gets so far, so that nobody learns which accounts have a second factor.
async fn needed_code<'a>(
    platform: &Platform,
    account: &Account,
    code: Option<&'a SecretString>,
) -> Result<Option<&'a SecretString>> {
    if !second_factor::is_on(&mut *platform.db.conn().await?, account.id).await? {
        return Ok(None);
    }
    code.map(Some).ok_or(Error::Refused(Code::SecondFactorRequired))
}
