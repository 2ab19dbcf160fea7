//! List the shares that one was given.

use actix_web::get;
use actix_web::web::Data;

use super::split::OwnSplit;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::SplitId;

/// One's shares in tracks, answered or not, the newest first.
#[utoipa::path(tag = "tracks", params(PagingQuery), responses(
    (status = 200, body = Page<OwnSplit>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/splits")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    paging: Paging<SplitId>,
) -> Result<Found<Page<OwnSplit>>> {
    let mut conn = platform.db.conn().await?;
    let list = OwnSplit::list(&mut conn, identity.account, paging.after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |split| split.id)))
}
