//! Change one's password, or set the first one.

use actix_web::put;
use actix_web::web::Data;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::account::Account;
use super::end_sessions::end_others;
use super::letter::{self, Letter};
use super::letter_code::{LetterCode, Purpose};
use super::session::Session;
use super::{Password, attempts, audit, password};
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::client::ClientAddress;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Json, NoContent};
use crate::platform::id::{AccountId, SessionId};

/// The password to have from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    /// Proves who asks; not needed in the ten minutes after another proof.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 256)]
    current_password: Option<SecretString>,
    /// 8 to 256 characters; none of those that are guessed first.
    #[schema(value_type = String, min_length = 8, max_length = 256)]
    password: Password,
}

/// Change the password, or set the first one. All other sessions end.
#[utoipa::path(tag = "accounts", request_body = PasswordChange, responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem)))]
#[put("/me/password")]
pub(super) async fn put(
    platform: Data<Platform>,
    identity: Identity,
    fresh: Result<Identity<Fresh>, Error>,
    address: ClientAddress,
    Json(change): Json<PasswordChange>,
) -> Result<NoContent> {
    match &change.current_password {
        Some(current) => require(&platform, identity.account, current, address).await?,
        None => drop(fresh?),
    }
    set(&platform, identity.account, &change.password, identity.session()).await?;
    Ok(NoContent)
}

async fn require(
    platform: &Platform,
    account: AccountId,
    current: &SecretString,
    address: ClientAddress,
) -> Result<()> {
    let hash = Account::password_hash(&mut *platform.db.conn().await?, account).await?;
    let attempt = attempts::prove(platform, account, &address).await?;
    let (attempt, right) = attempt.judged(password::matches(current, hash).await).await?;
    if !right {
        return Err(Error::Refused(Code::WrongCredentials));
    }
    attempt.succeeded().await;
    Ok(())
}

async fn set(platform: &Platform, id: AccountId, password: &Password, kept: SessionId) -> Result<()> {
    let account = Account::find(&mut *platform.db.conn().await?, id).await?.ok_or(Error::Unauthenticated)?;
    let hash = password.hash(&[&account.handle, &account.email, &account.display_name]).await?;
    let ended = platform
        .db
        .transaction(async |conn| {
            replace(conn, id, kept, &hash).await?;
            end_others(conn, platform, id, Some(kept)).await
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(())
}

async fn replace(conn: &mut Conn, id: AccountId, session: SessionId, hash: &str) -> Result<()> {
    Account::lock(conn, id).await?.ok_or(Error::Unauthenticated)?;
    // The session may have ended while the password was hashed.
    if !Session::exists(conn, session).await? {
        return Err(Error::Unauthenticated);
    }
    Account::set_password_hash(conn, id, hash).await?;
    // Whoever has a letter with a way to set the password has come too late.
    LetterCode::delete_all(conn, id, Purpose::ResetPassword).await?;
    audit::record(conn, Some(id), id, "password_changed", json!({})).await?;
    letter::enqueue(conn, Letter::PasswordChanged { account: id }).await
}
