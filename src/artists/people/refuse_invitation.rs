//! Refuse an invitation.

use actix_web::put;
use actix_web::web::Data;

use super::accept_invitation::{answered, hold};
use super::invitation::Invitation;
use crate::platform::auth::Identity;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, MemberInvitationId};
use crate::platform::{Platform, outbox};

/// Refuse an invitation. Whoever made it is told, unless it came to an address: that is not to show whose address it is.
#[utoipa::path(tag = "people", params(("id" = MemberInvitationId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[put("/me/invitations/{id}/refusal")]
pub(in crate::artists) async fn put(
    platform: Data<Platform>,
    identity: Identity,
    Id(id): Id<MemberInvitationId>,
) -> Result<NoContent> {
    refuse(&platform, id, identity.account).await.map(|()| NoContent)
}

async fn refuse(platform: &Platform, id: MemberInvitationId, account: AccountId) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            let (artist, invitation, _) = hold(conn, platform, id, account).await?;
            // Who refuses what came to an address does not say whose address it is.
            if invitation.account_id.is_none() {
                return invitation.hide(conn, platform.clock.now()).await;
            }
            Invitation::delete(conn, id, artist.id).await?;
            let answered = answered(conn, &invitation, account, false).await?;
            outbox::record(conn, &answered).await
        })
        .await
}
