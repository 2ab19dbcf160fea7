//! List what was sold, and which tracks that is here.

use actix_web::get;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::IntoParams;

use super::sold_item::SoldItem;
use super::statement::find_artist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery, Query};
use crate::platform::id::SoldItemId;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only what is no track here yet.
    #[serde(default)]
    unmatched: bool,
}

/// What an artist's statements name, and which track each is here. What is none is kept, and can be assigned.
#[utoipa::path(tag = "statements",
    params(("id" = String, Path, description = "The artist's id or slug"), Which, PagingQuery),
    responses((status = 200, body = Page<SoldItem>), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[get("/artists/{id}/sold-items")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    artist: Path<String>,
    Query(which): Query<Which>,
    paging: Paging<SoldItemId>,
) -> Result<Found<Page<SoldItem>>> {
    let mut conn = platform.db.conn().await?;
    let (member, after) = (identity.account, paging.after);
    let artist = find_artist(&mut conn, &artist, member).await?;
    let list = SoldItem::list(&mut conn, artist, member, which.unmatched, after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |item| item.id)))
}
