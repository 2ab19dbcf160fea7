//! Browse releases.

use actix_web::get;
use actix_web::web::Data;
use chrono::Datelike;
use serde::Deserialize;
use utoipa::IntoParams;

use super::shelf::{Place, ReleaseOrder, Shelf};
use crate::artists::metadata::genre_name;
use crate::artists::release::{ReleaseKind, ReleaseSummary};
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery, Query};

/// Which releases, and in what order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BrowseQuery {
    /// The newest first, where nothing is said.
    #[param(inline)]
    sort: Option<ReleaseOrder>,
    /// Of one genre, in any spelling of its name.
    genre: Option<String>,
    /// Of the year in which the music came out first: 1 to 9999.
    #[param(minimum = 1, maximum = 9999)]
    year: Option<i16>,
    #[param(inline)]
    kind: Option<ReleaseKind>,
}

/// Published releases, the newest first, the most played first, or from A to Z; all, or those of a genre, a year and a kind.
/// Pages are stable: what is published or withdrawn meanwhile moves nothing else.
#[utoipa::path(tag = "releases", params(BrowseQuery, PagingQuery), responses(
    (status = 200, body = Page<ReleaseSummary>), (status = 422, body = Problem)))]
#[get("/releases")]
pub(super) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    Query(query): Query<BrowseQuery>,
    paging: Paging<Place>,
) -> Result<Found<Page<ReleaseSummary>>> {
    let (order, shelf) = (query.sort.unwrap_or(ReleaseOrder::Newest), query.shelf()?);
    let after = paging.after.map(|place| plausible(order, place)).transpose()?;
    let mut conn = platform.db.conn().await?;
    let standings = shelf.read(&mut conn, viewer.account(), order, after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(standings, paging.limit, |standing| standing.place(order));
    let ids: Vec<_> = items.iter().map(|standing| standing.release_id).collect();
    let items = ReleaseSummary::list_these(&mut conn, &ids, viewer.account()).await?;
    Ok(Found(Page { items, next_cursor }))
}

impl BrowseQuery {
    fn shelf(self) -> Result<Shelf> {
        let genre = self.genre.map(|name| {
            genre_name(&name).ok_or_else(|| Error::invalid("genre", "The name of a genre has 1 to 50 characters."))
        });
        if self.year.is_some_and(|year| !(1..=9999).contains(&year)) {
            return Err(Error::invalid("year", "A year is one from 1 to 9999."));
        }
        Ok(Shelf { genre: genre.transpose()?, year: self.year, kind: self.kind })
    }
}

// A cursor is what a client says it is; PostgreSQL knows no times outside of its calendar, and no NUL.
fn plausible(order: ReleaseOrder, place: Place) -> Result<Place> {
    let is_ours = match (order, &place) {
        (ReleaseOrder::Newest, Place::Newest(at, _)) => (1970..=9999).contains(&at.year()),
        (ReleaseOrder::MostPlayed, Place::MostPlayed(..)) => true,
        (ReleaseOrder::Title, Place::Title(title, _)) => !title.contains('\0'),
        _ => false,
    };
    if is_ours { Ok(place) } else { Err(Error::invalid("cursor", "This is not a cursor that this list gave out.")) }
}
