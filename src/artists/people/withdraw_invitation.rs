//! Take an invitation to act for an artist back.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::invitation::Invitation;
use crate::artists::own_artist::OwnArtist;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::{AccountId, MemberInvitationId};

/// Take an invitation back. Only an owner may.
#[utoipa::path(tag = "people", params(
    ("id" = String, Path, description = "The artist's id or slug"), ("invitation" = MemberInvitationId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/artists/{id}/invitations/{invitation}")]
pub(in crate::artists) async fn delete(
    platform: Data<Platform>,
    identity: Identity,
    path: Path<(String, MemberInvitationId)>,
) -> Result<NoContent> {
    let (artist, invitation) = path.into_inner();
    withdraw(&platform.db, &artist, identity.account, invitation).await.map(|()| NoContent)
}

async fn withdraw(db: &Db, id_or_slug: &str, owner: AccountId, invitation: MemberInvitationId) -> Result<()> {
    db.transaction(async |conn| {
        let artist = OwnArtist::lock_owned(conn, id_or_slug, owner).await?;
        let gone = Invitation::delete(conn, invitation, artist.id).await?;
        if gone { Ok(()) } else { Err(Error::NotFound("invitation")) }
    })
    .await
}
