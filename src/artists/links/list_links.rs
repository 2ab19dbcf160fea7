//! List the links to a release, and what was played by each.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::link::{LinkPlays, SharedLink};
use crate::artists::release::OwnRelease;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, LinkId, ReleaseId};

/// A link with its report.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportedLink {
    #[serde(flatten)]
    link: SharedLink,
    /// What was played by it, in the order of the tracks.
    tracks: Vec<LinkPlays>,
}

/// The links to a release, the newest first, also those that open nothing any more; for who may change the release.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path), PagingQuery), responses(
    (status = 200, body = Page<ReportedLink>), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/releases/{id}/links")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Id(id): Id<ReleaseId>,
    paging: Paging<LinkId>,
) -> Result<Found<Page<ReportedLink>>> {
    list(&mut *platform.db.conn().await?, id, identity.account, &paging).await.map(Found)
}

async fn list(
    conn: &mut Conn,
    release: ReleaseId,
    member: AccountId,
    paging: &Paging<LinkId>,
) -> Result<Page<ReportedLink>> {
    if !OwnRelease::is_mine(conn, release, member).await? {
        return Err(Error::NotFound("release"));
    }
    let links = SharedLink::list(conn, release, paging.after, paging.limit).await?;
    let page = Page::new(links, paging.limit, |link| link.id);
    let ids: Vec<LinkId> = page.items.iter().map(|link| link.id).collect();
    let plays = LinkPlays::list(conn, &ids).await?;
    let report = |link: SharedLink| {
        let tracks = plays.iter().filter(|plays| plays.link_id == link.id).cloned().collect();
        ReportedLink { link, tracks }
    };
    Ok(Page { items: page.items.into_iter().map(report).collect(), next_cursor: page.next_cursor })
}
