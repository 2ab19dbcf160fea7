//! How an import goes, and what came of it.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::import::{Import, ImportReport};
use super::import_line::ImportLine;
use crate::artists::own_artist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, ImportId};

/// The packages that were brought in for an artist, newest first; for its owners.
#[utoipa::path(tag = "packages", params(("id" = String, Path, description = "The artist's id or slug"), PagingQuery), responses(
    (status = 200, body = Page<Import>), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/artists/{id}/imports")]
pub(super) async fn list(
    platform: Data<Platform>,
    identity: Identity<Read>,
    artist: Path<String>,
    paging: Paging<ImportId>,
) -> Result<Found<Page<Import>>> {
    let mut conn = platform.db.conn().await?;
    let artist = own_artist::require_owner(&mut conn, &artist, identity.account).await?;
    let list = Import::list(&mut conn, artist, paging.after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |import| import.id)))
}

/// How an import goes, and what was made, was here already, or could not be taken, and why; for the artist's owners.
#[utoipa::path(tag = "packages",
    params(("id" = String, Path, description = "The artist's id or slug"), ("import" = ImportId, Path)), responses(
    (status = 200, body = ImportReport), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
#[get("/artists/{id}/imports/{import}")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    path: Path<(String, String)>,
) -> Result<Found<ImportReport>> {
    let (artist, import) = path.into_inner();
    find(&platform, identity.account, &artist, &import).await.map(Found)
}

async fn find(platform: &Platform, owner: AccountId, artist: &str, import: &str) -> Result<ImportReport> {
    let mut conn = platform.db.conn().await?;
    let artist = own_artist::require_owner(&mut conn, artist, owner).await?;
    let missing = || Error::NotFound("import");
    let id = import.parse().map_err(|_| missing())?;
    let import = Import::find(&mut conn, artist, id).await?.ok_or_else(missing)?;
    Ok(ImportReport { lines: ImportLine::list(&mut conn, id).await?, import })
}
