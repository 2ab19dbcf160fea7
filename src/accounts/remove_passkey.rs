//! Take a passkey away.

use actix_web::delete;
use actix_web::web::Data;

use super::account::Account;
use super::letter::FactorChange;
use super::passkey::Passkey;
use super::{second_factor, ways_in};
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, PasskeyId, SessionId};

/// Remove a passkey: nobody signs in with it any more. All other sessions end. 409 `last-way-in` where nobody could sign
/// in to the account without it.
#[utoipa::path(tag = "accounts", params(("id" = PasskeyId, Path)), responses((status = 204),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem)))]
#[delete("/me/passkeys/{id}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    Id(passkey): Id<PasskeyId>,
) -> Result<NoContent> {
    remove(&platform, identity.account, identity.session(), passkey).await?;
    Ok(NoContent)
}

async fn remove(platform: &Platform, account: AccountId, session: SessionId, passkey: PasskeyId) -> Result<()> {
    let ended = platform
        .db
        .transaction(async |conn| {
            Account::lock(conn, account).await?.ok_or(Error::Unauthenticated)?; // before what refers to it
            if !Passkey::delete(conn, passkey, account).await? {
                return Err(Error::NotFound("passkey"));
            }
            ways_in::require_one(conn, account).await?;
            second_factor::forget_codes_if_off(conn, account).await?;
            second_factor::note_change(conn, platform, account, session, FactorChange::PasskeyRemoved).await
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(())
}
