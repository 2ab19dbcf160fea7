//! Part an identity at another provider from the account.

use actix_web::delete;
use actix_web::web::Data;
use serde_json::json;

use super::account::Account;
use super::end_sessions::end_others;
use super::letter::{self, FactorChange, Letter};
use super::linked_identity::LinkedIdentity;
use super::{audit, ways_in};
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, LinkedIdentityId, SessionId};

/// Unlink an identity. The other sessions end, for one of them may have come in by it; the last way in is kept.
#[utoipa::path(tag = "accounts", params(("id" = LinkedIdentityId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem)))]
#[delete("/me/identities/{id}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    Id(id): Id<LinkedIdentityId>,
) -> Result<NoContent> {
    unlink(&platform, id, identity.account, identity.session()).await?;
    Ok(NoContent)
}

async fn unlink(platform: &Platform, id: LinkedIdentityId, account: AccountId, session: SessionId) -> Result<()> {
    let ended = platform
        .db
        .transaction(async |conn| {
            Account::lock(conn, account).await?.ok_or(Error::Unauthenticated)?; // before what refers to it
            if !LinkedIdentity::delete(conn, id, account).await? {
                return Err(Error::NotFound("identity"));
            }
            ways_in::require_one(conn, account).await?;
            let unlinked = Letter::FactorChanged { account, what: FactorChange::IdentityUnlinked };
            letter::enqueue(conn, unlinked).await?;
            let detail = json!({ "what": FactorChange::IdentityUnlinked });
            audit::record(conn, Some(account), account, "factor_changed", detail).await?;
            end_others(conn, platform, account, Some(session)).await
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(())
}
