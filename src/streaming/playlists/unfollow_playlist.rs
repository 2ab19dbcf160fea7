//! Follow a playlist no longer.

use actix_web::delete;
use actix_web::web::Data;

use super::follower::Followed;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::PlaylistId;

/// Follow a playlist no longer, also one that the account may not see any more.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/playlists/{id}/following")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<PlaylistId>,
) -> Result<NoContent> {
    let mut conn = platform.db.conn().await?;
    Followed::delete(&mut conn, identity.account, Some(id)).await.map(|()| NoContent)
}
