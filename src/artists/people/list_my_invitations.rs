//! List what one is asked: the artists that want the signed-in account to act for them.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::invitation::{Guest, Invitation};
use super::member::names_of;
use crate::accounts::{self, AccountName};
use crate::artists::artist::ArtistLink;
use crate::artists::membership::MemberRole;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, MemberInvitationId};

/// An invitation, as whoever is invited sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceivedInvitation {
    id: MemberInvitationId,
    artist: ArtistLink,
    role: MemberRole,
    /// Whether whoever made it hands the ownership over.
    hands_over: bool,
    invited_by: Option<AccountName>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// The invitations for the signed-in account and for the address that it has confirmed, newest first.
#[utoipa::path(tag = "people", params(PagingQuery), responses(
    (status = 200, body = Page<ReceivedInvitation>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/invitations")]
pub(in crate::artists) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    paging: Paging<MemberInvitationId>,
) -> Result<Found<Page<ReceivedInvitation>>> {
    list(&platform, identity.account, &paging).await.map(Found)
}

async fn list(
    platform: &Platform,
    account: AccountId,
    paging: &Paging<MemberInvitationId>,
) -> Result<Page<ReceivedInvitation>> {
    let mut conn = platform.db.conn().await?;
    let guest = guest(&mut conn, account).await?;
    let list = Invitation::list_mine(&mut conn, &guest, paging.after, paging.limit, platform.clock.now()).await?;
    let page = Page::new(list, paging.limit, |invitation| invitation.id);
    let hosts: Vec<AccountId> = page.items.iter().map(|one| one.invited_by).collect();
    let names = names_of(&mut conn, &hosts).await?;
    let received = page.items.into_iter().map(|one| ReceivedInvitation {
        id: one.id,
        artist: ArtistLink { id: one.artist_id, slug: one.artist_slug, name: one.artist_name },
        role: one.role,
        hands_over: one.hands_over,
        invited_by: names.get(&one.invited_by).cloned(),
        created_at: one.created_at,
        expires_at: one.expires_at,
    });
    Ok(Page { items: received.collect(), next_cursor: page.next_cursor })
}

/// Whom an account answers for.
pub(super) async fn guest(conn: &mut Conn, account: AccountId) -> Result<Guest> {
    let email = accounts::confirmed_email(conn, account).await?;
    Ok(Guest { account, email })
}
