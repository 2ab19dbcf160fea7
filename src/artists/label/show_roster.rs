//! Show the artists that a label manages.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::{Data, Path};

use super::offer::roster;
use crate::artists::artist::Artist;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, ArtistId};

/// The artists that a label manages, newest first; none where it is no label.
#[utoipa::path(tag = "people", params(("id" = String, Path, description = "The label's id or slug"), PagingQuery), responses(
    (status = 200, body = Page<Artist>), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/artists/{id}/roster")]
pub(in crate::artists) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    label: Path<String>,
    paging: Paging<ArtistId>,
) -> Result<Found<Page<Artist>>> {
    list(&mut *platform.db.conn().await?, &label, viewer.account(), &paging).await.map(Found)
}

async fn list(
    conn: &mut Conn,
    label: &str,
    viewer: Option<AccountId>,
    paging: &Paging<ArtistId>,
) -> Result<Page<Artist>> {
    let label = Artist::find(conn, label, None).await?.ok_or(Error::NotFound("artist"))?.id;
    let page = Page::new(roster(conn, label, paging.after, paging.limit).await?, paging.limit, |id| *id);
    let artists = Artist::list_these(conn, &page.items, viewer).await?;
    let mut artists: HashMap<ArtistId, Artist> = artists.into_iter().map(|artist| (artist.id, artist)).collect();
    let items = page.items.iter().filter_map(|id| artists.remove(id)).collect();
    Ok(Page { items, next_cursor: page.next_cursor })
}
