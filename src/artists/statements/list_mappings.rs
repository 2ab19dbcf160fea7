//! List the layouts that an artist described.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::mapping::KeptMapping;
use super::statement::find_artist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::StatementMappingId;

/// An artist's mappings, for those who act for it.
#[utoipa::path(tag = "statements",
    params(("id" = String, Path, description = "The artist's id or slug"), PagingQuery),
    responses((status = 200, body = Page<KeptMapping>), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[get("/artists/{id}/statement-mappings")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    artist: Path<String>,
    paging: Paging<StatementMappingId>,
) -> Result<Found<Page<KeptMapping>>> {
    let mut conn = platform.db.conn().await?;
    let artist = find_artist(&mut conn, &artist, identity.account).await?;
    let list = KeptMapping::list(&mut conn, artist, paging.after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |kept| kept.id)))
}
