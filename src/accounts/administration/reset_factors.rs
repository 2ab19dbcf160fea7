//! Take an account's second factors away, for an owner who lost them.

use actix_web::delete;
use actix_web::web::Data;
use serde_json::json;

use super::authority::{By, delete_factors};
use crate::accounts::letter::{self, FactorChange, Letter};
use crate::accounts::{access, audit};
use crate::platform::Platform;
use crate::platform::auth::{FreshAdmin, Identity};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::AccountId;

/// Take away an account's authenticator, recovery codes and passkeys, for an owner who lost them. All access to it ends;
/// the owner is told by letter, and signs in with the password, or sets one by the link of a letter.
#[utoipa::path(tag = "administration", params(("id" = AccountId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/admin/accounts/{id}/second-factors")]
pub(in crate::accounts) async fn delete(
    platform: Data<Platform>,
    identity: Identity<FreshAdmin>,
    Id(id): Id<AccountId>,
) -> Result<NoContent> {
    reset(&platform, By::Account(identity.account), id).await.map(|()| NoContent)
}

/// Façade: takes away all that an account proves itself with beside the password, and ends all access.
pub(crate) async fn reset(platform: &Platform, by: By, target: AccountId) -> Result<()> {
    let ended = platform
        .db
        .transaction(async |conn| {
            by.lock(conn, target).await?;
            by.require_admin(conn).await?;
            delete_factors(conn, target).await?;
            audit::record(conn, by.account(), target, "second_factors_reset", json!({})).await?;
            letter::enqueue(conn, Letter::FactorChanged { account: target, what: FactorChange::Reset }).await?;
            access::end_all(conn, platform, target).await
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(())
}
