//! New recovery codes, in the place of those that were used or lost.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use super::account::Account;
use super::letter::FactorChange;
use super::recovery_code::{self, RecoveryCodes};
use super::second_factor;
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::id::{AccountId, SessionId};

/// Ten new recovery codes, shown once; those from before are void. All other sessions end. 404 where there is no second
/// factor that they could stand in for.
#[utoipa::path(tag = "accounts", responses((status = 201, body = RecoveryCodes), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
#[post("/me/recovery-codes")]
pub(super) async fn post(platform: Data<Platform>, identity: Identity<Fresh>) -> Result<HttpResponse> {
    let codes = renew(&platform, identity.account, identity.session()).await?;
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(codes))
}

async fn renew(platform: &Platform, account: AccountId, session: SessionId) -> Result<RecoveryCodes> {
    let (recovery_codes, ended) = platform
        .db
        .transaction(async |conn| {
            Account::lock(conn, account).await?.ok_or(Error::Unauthenticated)?; // before what refers to it
            if !second_factor::is_on(conn, account).await? {
                return Err(Error::NotFound("second factor"));
            }
            let codes = recovery_code::replace(conn, account).await?;
            let made = FactorChange::RecoveryCodesMade;
            Ok((codes, second_factor::note_change(conn, platform, account, session, made).await?))
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(RecoveryCodes { recovery_codes })
}
