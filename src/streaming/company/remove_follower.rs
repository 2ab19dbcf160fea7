//! Remove a follower.

use actix_web::delete;
use actix_web::web::Data;

use super::follow::Follow;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::AccountId;

/// Remove a follower. They are not told, and may follow again.
#[utoipa::path(tag = "company", params(("id" = AccountId, Path)), responses((status = 204), (status = 401, body = Problem),
    (status = 404, body = Problem)))]
#[delete("/me/followers/{id}")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<AccountId>,
) -> Result<NoContent> {
    let followed = Follow::delete(&mut *platform.db.conn().await?, id, identity.account).await?;
    if followed { Ok(NoContent) } else { Err(Error::NotFound("follower")) }
}
