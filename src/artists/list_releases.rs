//! List an artist's releases.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::artist::Artist;
use super::release::ReleaseSummary;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::ReleaseId;

/// An artist's releases, newest first; drafts for its members only.
#[utoipa::path(tag = "releases", params(("id" = String, Path, description = "The artist's id or slug"), PagingQuery), responses(
    (status = 200, body = Page<ReleaseSummary>), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/artists/{id}/releases")]
pub(super) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    artist: Path<String>,
    paging: Paging<ReleaseId>,
) -> Result<Found<Page<ReleaseSummary>>> {
    let mut conn = platform.db.conn().await?;
    let artist = Artist::find(&mut conn, &artist, None).await?.ok_or(Error::NotFound("artist"))?;
    let list = ReleaseSummary::list_of(&mut conn, artist.id, viewer.account(), paging.after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |release| release.id)))
}
