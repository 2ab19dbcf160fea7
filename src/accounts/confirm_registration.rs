//! Confirm the address of a registration: now there is an account.

use actix_web::put;
use actix_web::web::{Data, Path};

use super::account::{Account, Opening};
use super::me::Me;
use super::registration::Registration;
use super::{Email, Handle, register};
use crate::platform::Platform;
use crate::platform::auth::Role;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Created;
use crate::platform::secret;

/// Confirm a registration with the code of its letter.
#[utoipa::path(tag = "accounts", params(("token" = String, Path)), responses(
    (status = 201, body = Me), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[put("/registrations/{token}")]
pub(super) async fn put(platform: Data<Platform>, token: Path<String>) -> Result<Created<Me>> {
    let account = confirm(&platform, &token).await?;
    Ok(Created(account.into()))
}

async fn confirm(platform: &Platform, token: &str) -> Result<Account> {
    let token_hash = secret::hash(token);
    platform
        .db
        .transaction(async |conn| {
            let registration = Registration::take(conn, &token_hash, platform.clock.now()).await?;
            open(conn, platform, registration.ok_or(Error::NotFound("code"))?).await
        })
        .await
}

async fn open(conn: &mut Conn, platform: &Platform, registration: Registration) -> Result<Account> {
    let broken = |cause: &str| Error::Internal(anyhow::anyhow!("a registration that does not hold: {cause}"));
    let opening = Opening {
        handle: &Handle::try_from(registration.handle).map_err(broken)?,
        email: &Email::try_from(registration.email).map_err(broken)?,
        password_hash: Some(&registration.password_hash),
        role: Role::Listener,
        language: registration.language,
        email_confirmed_at: Some(platform.clock.now()),
    };
    register::insert(conn, opening).await
}
