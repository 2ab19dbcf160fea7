//! Take a bookmark out.

use actix_web::delete;
use actix_web::web::Data;

use super::bookmark::BookmarkRow;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::TrackId;

/// Take the bookmark out of a track.
#[utoipa::path(tag = "library", params(("id" = TrackId, Path, description = "The track's")), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/me/bookmarks/{id}")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<TrackId>,
) -> Result<NoContent> {
    let was_there = BookmarkRow::delete(&mut *platform.db.conn().await?, identity.account, id).await?;
    if was_there { Ok(NoContent) } else { Err(Error::NotFound("bookmark")) }
}
