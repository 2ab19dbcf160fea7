//! List artists.

use actix_web::get;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::IntoParams;

use super::artist::Artist;
use super::metadata::genre_name;
use super::standing::{ArtistOrder, Place, Stand};
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery, Query};
use crate::platform::id::AccountId;

/// Which artists.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Only those that the signed-in account may act for.
    #[serde(default)]
    mine: bool,
    /// The newest first, where nothing is said.
    #[param(inline)]
    sort: Option<ArtistOrder>,
    /// Those that say this genre of themselves, in any spelling of its name.
    genre: Option<String>,
}

/// Artists, the newest first, from A to Z, or by how many follow them; all, or those of a genre.
#[utoipa::path(tag = "artists", params(Filter, PagingQuery), responses(
    (status = 200, body = Page<Artist>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/artists")]
pub(super) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    Query(filter): Query<Filter>,
    paging: Paging<Place>,
) -> Result<Found<Page<Artist>>> {
    list(&platform.db, viewer.account(), filter, paging).await.map(Found)
}

async fn list(db: &Db, viewer: Option<AccountId>, filter: Filter, paging: Paging<Place>) -> Result<Page<Artist>> {
    if filter.mine && viewer.is_none() {
        return Err(Error::Unauthenticated);
    }
    let order = filter.sort.unwrap_or(ArtistOrder::Newest);
    if paging.after.as_ref().is_some_and(|place| !place.is_of(order)) {
        return Err(Error::invalid("cursor", "This is not a cursor that this list gave out."));
    }
    let stand = filter.stand()?;
    let mut conn = db.conn().await?;
    let standings = stand.read(&mut conn, viewer, order, paging.after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(standings, paging.limit, |standing| standing.place(order));
    let ids: Vec<_> = items.iter().map(|standing| standing.artist_id).collect();
    let mut artists = Artist::list_these(&mut conn, &ids, viewer).await?;
    artists.sort_by_key(|artist| ids.iter().position(|id| *id == artist.id));
    Ok(Page { items: artists, next_cursor })
}

impl Filter {
    fn stand(self) -> Result<Stand> {
        let genre = self.genre.map(|name| {
            genre_name(&name).ok_or_else(|| Error::invalid("genre", "The name of a genre has 1 to 50 characters."))
        });
        Ok(Stand { genre: genre.transpose()?, mine: self.mine })
    }
}
