//! Show an artist.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::artist::Artist;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Found;

/// An artist by id or slug.
#[utoipa::path(tag = "artists", params(("id" = String, Path, description = "Id or slug")), responses(
    (status = 200, body = Artist), (status = 404, body = Problem)))]
#[get("/artists/{id}")]
pub(super) async fn get(platform: Data<Platform>, viewer: Viewer, id: Path<String>) -> Result<Found<Artist>> {
    let artist = Artist::find(&mut *platform.db.conn().await?, &id, viewer.account()).await?;
    artist.map(Found).ok_or(Error::NotFound("artist"))
}
