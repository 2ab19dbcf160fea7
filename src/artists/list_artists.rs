//! List artists.

use actix_web::get;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::IntoParams;

use super::artist::Artist;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery, Query};
use crate::platform::id::{AccountId, ArtistId};

/// Which artists.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Only those that the signed-in account may act for.
    #[serde(default)]
    mine: bool,
}

/// Artists, newest first.
#[utoipa::path(tag = "artists", params(Filter, PagingQuery), responses(
    (status = 200, body = Page<Artist>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/artists")]
pub(super) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    Query(filter): Query<Filter>,
    paging: Paging<ArtistId>,
) -> Result<Found<Page<Artist>>> {
    list(&platform.db, viewer.account(), &filter, &paging).await.map(Found)
}

async fn list(db: &Db, viewer: Option<AccountId>, filter: &Filter, paging: &Paging<ArtistId>) -> Result<Page<Artist>> {
    if filter.mine && viewer.is_none() {
        return Err(Error::Unauthenticated);
    }
    let artists = Artist::list(&mut *db.conn().await?, viewer, filter.mine, paging.after, paging.limit).await?;
    Ok(Page::new(artists, paging.limit, |artist| artist.id))
}
