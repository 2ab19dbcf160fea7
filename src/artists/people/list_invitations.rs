//! List the invitations of an artist that nobody has answered.

use actix_web::get;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::invitation::Invitation;
use super::member::names_of;
use crate::artists::membership::MemberRole;
use crate::artists::own_artist::require_owner;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, MemberInvitationId};

/// An invitation, as the owners of the artist see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SentInvitation {
    id: MemberInvitationId,
    /// Of the account that it is for; null where it is for an address.
    handle: Option<String>,
    /// The address that it is for; null where it is for an account.
    email: Option<String>,
    role: MemberRole,
    /// Whether whoever made it hands the ownership over.
    hands_over: bool,
    /// The handle of the owner who made it.
    invited_by: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// An artist's invitations that nobody has answered, newest first. Only its owners see them.
#[utoipa::path(tag = "people", params(("id" = String, Path, description = "The artist's id or slug"), PagingQuery), responses(
    (status = 200, body = Page<SentInvitation>), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/artists/{id}/invitations")]
pub(in crate::artists) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    artist: Path<String>,
    paging: Paging<MemberInvitationId>,
) -> Result<Found<Page<SentInvitation>>> {
    list(&platform, &artist, identity.account, &paging).await.map(Found)
}

async fn list(
    platform: &Platform,
    id_or_slug: &str,
    owner: AccountId,
    paging: &Paging<MemberInvitationId>,
) -> Result<Page<SentInvitation>> {
    let mut conn = platform.db.conn().await?;
    let artist = require_owner(&mut conn, id_or_slug, owner).await?;
    let now = platform.clock.now();
    let list = Invitation::list_of(&mut conn, artist, paging.after, paging.limit, now).await?;
    let page = Page::new(list, paging.limit, |invitation| invitation.id);
    let items = SentInvitation::all_of(&mut conn, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

impl SentInvitation {
    /// One invitation, with names.
    pub(super) async fn of(conn: &mut Conn, invitation: Invitation) -> Result<Self> {
        let mut all = Self::all_of(conn, vec![invitation]).await?;
        Ok(all.remove(0))
    }

    async fn all_of(conn: &mut Conn, invitations: Vec<Invitation>) -> Result<Vec<Self>> {
        let people = invitations.iter().flat_map(|one| one.account_id.into_iter().chain([one.invited_by]));
        let ids: Vec<AccountId> = people.collect();
        let names = names_of(conn, &ids).await?;
        let handle = |account: AccountId| names.get(&account).map(|name| name.handle.clone());
        let sent = invitations.into_iter().map(|one| Self {
            id: one.id,
            handle: one.account_id.and_then(handle),
            email: one.email,
            role: one.role,
            hands_over: one.hands_over,
            invited_by: handle(one.invited_by).unwrap_or_default(),
            created_at: one.created_at,
            expires_at: one.expires_at,
        });
        Ok(sent.collect())
    }
}
