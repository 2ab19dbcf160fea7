//! Change what a member may do.

use actix_web::patch;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::member::{Member, changed};
use crate::artists::membership::MemberRole;
use crate::artists::own_artist::OwnArtist;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Json, NoContent};
use crate::platform::id::AccountId;
use crate::platform::{Platform, outbox};

/// What a member is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberChanges {
    /// `editor` or `viewer`. Ownership is offered by an invitation, and accepted.
    role: MemberRole,
}

/// Make a member an editor or a viewer; an owner too, as long as another one is left. Only an owner may.
#[utoipa::path(tag = "people", params(
    ("id" = String, Path, description = "The artist's id or slug"), ("account" = AccountId, Path)), request_body = MemberChanges, responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[patch("/artists/{id}/members/{account}")]
pub(in crate::artists) async fn patch(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    path: Path<(String, AccountId)>,
    Json(changes): Json<MemberChanges>,
) -> Result<NoContent> {
    let (artist, account) = path.into_inner();
    change(&platform.db, &artist, identity.account, account, changes.role).await.map(|()| NoContent)
}

async fn change(db: &Db, id_or_slug: &str, owner: AccountId, account: AccountId, role: MemberRole) -> Result<()> {
    if role == MemberRole::Owner {
        return Err(Error::invalid("role", "Ownership is offered by an invitation, and accepted."));
    }
    db.transaction(async |conn| {
        let artist = OwnArtist::lock_owned(conn, id_or_slug, owner).await?;
        let member = Member::find(conn, artist.id, account).await?.ok_or(Error::NotFound("member"))?;
        if member.role == role {
            return Ok(());
        }
        Member::set_role(conn, artist.id, account, role).await?;
        outbox::record(conn, &changed(&artist, account, Some(role), Some(owner))).await
    })
    .await
}
