//! Take a release out of the library.

use actix_web::delete;
use actix_web::web::Data;

use super::saved_release::SavedRow;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::ReleaseId;

/// Take a release out of the library, also one that the account may not see any more.
#[utoipa::path(tag = "library", params(("id" = ReleaseId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/me/library/releases/{id}")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<ReleaseId>,
) -> Result<NoContent> {
    SavedRow::delete(&mut *platform.db.conn().await?, identity.account, id).await.map(|()| NoContent)
}
