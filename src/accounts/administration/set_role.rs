//! Give an account a role.

use actix_web::patch;
use actix_web::web::Data;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::authority::{By, require_admin_left};
use super::listed_account::ListedAccount;
use crate::accounts::{audit, end_sessions};
use crate::platform::Platform;
use crate::platform::auth::{self, FreshAdmin, Identity, Role, Subject};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Found, Id, Json};
use crate::platform::id::AccountId;
use crate::platform::outbox;

/// What an administrator may change of an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountChanges {
    role: Role,
}

/// Give an account a role; its sessions end. The server keeps an administrator.
#[utoipa::path(tag = "administration", params(("id" = AccountId, Path)), request_body = AccountChanges, responses(
    (status = 200, body = ListedAccount), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
#[patch("/admin/accounts/{id}")]
pub(in crate::accounts) async fn patch(
    platform: Data<Platform>,
    identity: Identity<FreshAdmin>,
    Id(id): Id<AccountId>,
    Json(changes): Json<AccountChanges>,
) -> Result<Found<ListedAccount>> {
    set(&platform, By::Account(identity.account), id, changes.role).await?;
    let account = ListedAccount::find(&mut *platform.db.conn().await?, id).await?;
    account.map(Found).ok_or(Error::NotFound("account"))
}

/// Façade: gives an account a role. That it has it already changes nothing.
pub(crate) async fn set(platform: &Platform, by: By, target: AccountId, role: Role) -> Result<()> {
    let ended = platform
        .db
        .transaction(async |conn| {
            by.lock(conn, target).await?;
            let before = by.set_role(conn, target, role).await?;
            if before == role {
                return Ok(Vec::new());
            }
            if before == Role::Admin {
                require_admin_left(conn).await?;
            }
            audit::record(conn, by.account(), target, "role_changed", json!({ "from": before, "to": role })).await?;
            let changed =
                Event::RoleChanged { account: target, role: role.name().to_owned(), at: platform.clock.now() };
            outbox::record(conn, &changed).await?;
            let mut ended = end_sessions::end_others(conn, platform, target, None).await?;
            ended.push(Subject::Account(target));
            auth::revoke(conn, &platform.clock, &ended).await?;
            Ok(ended)
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(())
}
