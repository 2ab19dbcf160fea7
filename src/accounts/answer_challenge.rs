//! Finish a sign-in that another provider vouched for with the account's own second factor.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::Account;
use super::challenge::Challenge;
use super::open_session::{self, Arrival, Opened, SignedIn};
use super::{attempts, second_factor};
use crate::platform::Platform;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Json;

/// The second proof of a sign-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondProof {
    /// What the page was told of the first (`/sign-in#challenge=…`). It holds for five minutes and one sign-in.
    #[schema(value_type = String, max_length = 100)]
    challenge: SecretString,
    /// Of the authenticator, or a recovery code.
    #[schema(value_type = String, max_length = 64)]
    code: SecretString,
    /// True: the session lives in an `HttpOnly` cookie, and the answer holds no token.
    #[serde(default)]
    cookie: bool,
    /// True: an account that is about to be closed is kept.
    #[serde(default)]
    reopen: bool,
}

/// Sign in with a second factor, after another provider vouched for the first one. 401 `unauthenticated`: begin again.
#[utoipa::path(tag = "accounts", request_body = SecondProof, responses(
    (status = 201, body = SignedIn), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 429, body = Problem)))]
#[post("/session/second-factor")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    Json(proof): Json<SecondProof>,
) -> Result<HttpResponse> {
    let arrival = Arrival::of(&request, &platform, proof.cookie, proof.reopen).await?;
    let opened = answer(&platform, &proof, &arrival).await?;
    Ok(open_session::answer(&platform, opened, arrival.in_cookie))
}

async fn answer(platform: &Platform, proof: &SecondProof, arrival: &Arrival) -> Result<Opened> {
    let now = platform.clock.now();
    let found = Challenge::find(&mut *platform.db.conn().await?, &proof.challenge, now).await?;
    let account = found.ok_or(Error::Unauthenticated)?;
    let attempt = attempts::prove(platform, account, &arrival.address).await?;
    second_factor::check_code(platform, account, &proof.code).await?;
    attempt.succeeded().await;
    platform
        .db
        .transaction(async |conn| {
            let taken = Challenge::take(conn, &proof.challenge, now).await?.ok_or(Error::Unauthenticated)?;
            let account = Account::find(conn, taken).await?.ok_or(Error::Unauthenticated)?;
            open_session::open(conn, platform, &account, arrival).await
        })
        .await
}
