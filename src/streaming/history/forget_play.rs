//! Forget one play.

use actix_web::delete;
use actix_web::web::Data;

use super::entry::Entry;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::PlayId;

/// Take a play out of the account's history. It stays in the track's count, as nobody's.
#[utoipa::path(tag = "history", params(("id" = PlayId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/me/history/{id}")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<PlayId>,
) -> Result<NoContent> {
    let was_there = Entry::forget(&mut *platform.db.conn().await?, identity.account, id).await?;
    if was_there { Ok(NoContent) } else { Err(Error::NotFound("play")) }
}
