//! Like a track no longer.

use actix_web::delete;
use actix_web::web::Data;

use super::like::Like;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::TrackId;

/// Like a track no longer, also one that the account may not hear any more.
#[utoipa::path(tag = "library", params(("id" = TrackId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/tracks/{id}/like")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<TrackId>,
) -> Result<NoContent> {
    Like::delete(&mut *platform.db.conn().await?, identity.account, id).await.map(|()| NoContent)
}
