//! End all access to an account.

use actix_web::delete;
use actix_web::web::Data;
use serde_json::json;

use super::authority::By;
use crate::accounts::{access, audit};
use crate::platform::Platform;
use crate::platform::auth::{FreshAdmin, Identity};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::AccountId;

/// End all sessions, API tokens and app passwords of an account, and what plays through them.
#[utoipa::path(tag = "administration", params(("id" = AccountId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/admin/accounts/{id}/sessions")]
pub(in crate::accounts) async fn delete(
    platform: Data<Platform>,
    identity: Identity<FreshAdmin>,
    Id(id): Id<AccountId>,
) -> Result<NoContent> {
    revoke(&platform, By::Account(identity.account), id).await.map(|()| NoContent)
}

/// Façade: ends all access to an account. Its owner signs in anew.
pub(crate) async fn revoke(platform: &Platform, by: By, target: AccountId) -> Result<()> {
    let ended = platform
        .db
        .transaction(async |conn| {
            by.lock(conn, target).await?;
            by.require_admin(conn).await?;
            audit::record(conn, by.account(), target, "access_revoked", json!({})).await?;
            access::end_all(conn, platform, target).await
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(())
}
