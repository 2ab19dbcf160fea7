//! Prove once more who one is, before what would hurt in a thief's hands.
//!
//! The session is proof already, and a thief may have it; so one more proof is asked for that cannot be stolen with it: the
//! password, or a passkey. A code is enough only where there is no password. An account that has none of them signs in
//! anew by its provider, and that session is fresh.

use actix_web::web::Data;
use actix_web::{HttpRequest, post};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use webauthn_rs::prelude::PublicKeyCredential;

use super::account::Account;
use super::relying_party::RelyingParty;
use super::session::Session;
use super::{attempts, password, second_factor, use_passkey};
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::client::ClientAddress;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Json, NoContent};
use crate::platform::id::AccountId;

/// One proof: the password; or a ceremony of `POST /session/passkey-ceremonies` and what the passkey says to it; or, where
/// the account has no password, a code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reauthentication {
    #[schema(value_type = Option<String>, max_length = 256)]
    password: Option<SecretString>,
    /// Of the authenticator, or a recovery code.
    #[schema(value_type = Option<String>, max_length = 64)]
    code: Option<SecretString>,
    #[schema(value_type = Option<String>, max_length = 64)]
    ceremony: Option<SecretString>,
    /// What `navigator.credentials.get` answered, by its `toJSON`.
    #[schema(value_type = Option<Object>)]
    credential: Option<PublicKeyCredential>,
}

/// Prove once more who you are. For ten minutes the session may then do what needs that.
#[utoipa::path(tag = "accounts", request_body = Reauthentication, responses((status = 204),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/session/reauthentication")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity,
    address: ClientAddress,
    Json(proof): Json<Reauthentication>,
) -> Result<NoContent> {
    let party = RelyingParty::of(&request, &platform.config);
    prove(&platform, party, identity.account, address, &proof).await?;
    let (mut conn, now) = (platform.db.conn().await?, platform.clock.now());
    Session::renew_authentication(&mut conn, identity.session(), now).await?;
    Ok(NoContent)
}

async fn prove(
    platform: &Platform,
    party: Result<RelyingParty>,
    account: AccountId,
    address: ClientAddress,
    proof: &Reauthentication,
) -> Result<()> {
    match proof {
        Reauthentication { password: Some(password), code: None, ceremony: None, credential: None } => {
            by_password(platform, account, address, password).await
        }
        Reauthentication { password: None, code: Some(code), ceremony: None, credential: None } => {
            by_code(platform, account, address, code).await
        }
        Reauthentication { password: None, code: None, ceremony: Some(ceremony), credential: Some(answer) } => {
            by_passkey(platform, &party?, account, ceremony, answer).await
        }
        _ => Err(Error::invalid("password", "Send one proof: `password`, `code`, or `ceremony` with `credential`.")),
    }
}

async fn by_password(
    platform: &Platform,
    account: AccountId,
    address: ClientAddress,
    typed: &SecretString,
) -> Result<()> {
    // The connection goes back before the slow hash.
    let hash = Account::password_hash(&mut *platform.db.conn().await?, account).await?;
    let attempt = attempts::prove(platform, account, &address).await?;
    let (attempt, right) = attempt.judged(password::matches(typed, hash).await).await?;
    if !right {
        return Err(Error::Refused(Code::WrongCredentials));
    }
    attempt.succeeded().await;
    Ok(())
}

async fn by_code(platform: &Platform, account: AccountId, address: ClientAddress, code: &SecretString) -> Result<()> {
    if Account::password_hash(&mut *platform.db.conn().await?, account).await?.is_some() {
        return Err(Error::invalid("code", "This account has a password: send that."));
    }
    let attempt = attempts::prove(platform, account, &address).await?;
    second_factor::check_code(platform, account, code).await?;
    attempt.succeeded().await;
    Ok(())
}

async fn by_passkey(
    platform: &Platform,
    party: &RelyingParty,
    account: AccountId,
    ceremony: &SecretString,
    answer: &PublicKeyCredential,
) -> Result<()> {
    let state = use_passkey::take(platform, ceremony).await?;
    platform
        .db
        .transaction(async |conn| {
            let owner = use_passkey::prove(conn, party, state, answer, platform.clock.now()).await?;
            if owner == account { Ok(()) } else { Err(Error::Refused(Code::PasskeyRefused)) }
        })
        .await
}
