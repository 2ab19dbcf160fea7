//! Remove a playlist's cover.

use actix_web::delete;
use actix_web::web::Data;

use super::cover::Cover;
use super::discard_cover;
use super::playlist::{Playlist, PlaylistRole};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, PlaylistId};

/// Remove a playlist's cover; its owner may. Its address leads nowhere from now on.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/playlists/{id}/cover")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<PlaylistId>,
) -> Result<NoContent> {
    remove(&platform, id, identity.account).await.map(|()| NoContent)
}

async fn remove(platform: &Platform, id: PlaylistId, owner: AccountId) -> Result<()> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            Playlist::lock(conn, id, owner, PlaylistRole::Owner).await?;
            let before = Cover::of(conn, id).await?.keys();
            if before.is_empty() {
                return Ok(());
            }
            Cover::set(conn, id, None, now).await?;
            discard_cover::enqueue(conn, before).await
        })
        .await
}
