//! Let a suspended account back in.

use actix_web::delete;
use actix_web::web::Data;
use serde_json::json;

use super::authority::By;
use crate::accounts::audit;
use crate::accounts::letter::{self, Letter};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Moderate};
use crate::platform::error::{Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Id, NoContent};
use crate::platform::id::AccountId;
use crate::platform::outbox;

/// Lift an account's suspension: its owner may sign in again, and is told so.
#[utoipa::path(tag = "administration", params(("id" = AccountId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/accounts/{id}/suspension")]
pub(in crate::accounts) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Moderate>,
    Id(id): Id<AccountId>,
) -> Result<NoContent> {
    reinstate(&platform, By::Account(identity.account), id).await.map(|()| NoContent)
}

/// Façade: lifts a suspension. Where there is none, nothing happens.
pub(crate) async fn reinstate(platform: &Platform, by: By, target: AccountId) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            by.lock(conn, target).await?;
            if !by.reinstate(conn, target).await?.suspended {
                return Ok(());
            }
            audit::record(conn, by.account(), target, "reinstated", json!({})).await?;
            letter::enqueue(conn, Letter::Reinstated { account: target }).await?;
            let at = platform.clock.now();
            outbox::record(conn, &Event::SuspensionChanged { account: target, suspended: false, at }).await
        })
        .await
}
