//! List genres.

use super::genre::Genre;
use crate::platform::Platform;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use actix_web::get;
use actix_web::web::Data;

/// Genres that have something to hear, those with the most releases first.
#[utoipa::path(tag = "releases", params(PagingQuery), responses(
    (status = 200, body = Page<Genre>), (status = 422, body = Problem)))]
#[get("/genres")]
pub(super) async fn get(platform: Data<Platform>, paging: Paging<(i64, String)>) -> Result<Found<Page<Genre>>> {
    let after = paging.after.filter(|(_, name)| !name.contains('\0'));
    let list = Genre::list(&mut *platform.db.conn().await?, after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |genre| (genre.release_count, genre.name.clone()))))
}
