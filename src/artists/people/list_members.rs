//! List the members of an artist.

use actix_web::get;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::member::{Member, names_of};
use crate::accounts::AccountName;
use crate::artists::membership::MemberRole;
use crate::artists::own_artist::{acts_for, id_of};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::AccountId;

/// A member of an artist.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArtistMember {
    #[serde(flatten)]
    account: AccountName,
    role: MemberRole,
    member_since: DateTime<Utc>,
}

type Place = (DateTime<Utc>, AccountId);

/// The members of an artist, who has been there longest first. Whoever acts for the artist sees them, and nobody else.
#[utoipa::path(tag = "people", params(("id" = String, Path, description = "The artist's id or slug"), PagingQuery), responses(
    (status = 200, body = Page<ArtistMember>), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[get("/artists/{id}/members")]
pub(in crate::artists) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    artist: Path<String>,
    paging: Paging<Place>,
) -> Result<Found<Page<ArtistMember>>> {
    list(&mut *platform.db.conn().await?, &artist, identity.account, &paging).await.map(Found)
}

async fn list(
    conn: &mut Conn,
    id_or_slug: &str,
    viewer: AccountId,
    paging: &Paging<Place>,
) -> Result<Page<ArtistMember>> {
    let artist = id_of(conn, id_or_slug).await?;
    if !acts_for(conn, artist, viewer).await? {
        return Err(Error::NotFound("artist"));
    }
    let members = Member::list(conn, artist, paging.after, paging.limit).await?;
    let page = Page::new(members, paging.limit, |member| (member.created_at, member.account_id));
    let ids: Vec<AccountId> = page.items.iter().map(|member| member.account_id).collect();
    let mut names = names_of(conn, &ids).await?;
    // An account that is erased this moment has no name any more, and will be no member either.
    let members = page.items.into_iter().filter_map(|member| {
        let account = names.remove(&member.account_id)?;
        Some(ArtistMember { account, role: member.role, member_since: member.created_at })
    });
    Ok(Page { items: members.collect(), next_cursor: page.next_cursor })
}
