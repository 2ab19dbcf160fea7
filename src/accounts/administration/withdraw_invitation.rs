//! Take an invitation back.

use actix_web::delete;
use actix_web::web::Data;
use serde_json::json;

use super::authority::By;
use crate::accounts::audit;
use crate::accounts::invitation::Invitation;
use crate::platform::Platform;
use crate::platform::auth::{Admin, Identity};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, InvitationId};

/// Take an invitation back: its code opens no more accounts. Those that it opened stay.
#[utoipa::path(tag = "administration", params(("id" = InvitationId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/admin/invitations/{id}")]
pub(in crate::accounts) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Admin>,
    Id(id): Id<InvitationId>,
) -> Result<NoContent> {
    withdraw(&platform, identity.account, id).await.map(|()| NoContent)
}

async fn withdraw(platform: &Platform, admin: AccountId, id: InvitationId) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            By::Account(admin).require_admin(conn).await?;
            if !Invitation::delete(conn, id).await? {
                return Err(Error::NotFound("invitation"));
            }
            audit::record(conn, Some(admin), admin, "invitation_withdrawn", json!({ "invitation": id })).await
        })
        .await
}
