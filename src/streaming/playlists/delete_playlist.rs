//! Delete a playlist.

use actix_web::delete;
use actix_web::web::Data;

use super::playlist::{Playlist, PlaylistRole};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::Db;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, PlaylistId};

/// Delete a playlist with its entries and its history, for everybody; its owner may.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/playlists/{id}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<PlaylistId>,
) -> Result<NoContent> {
    remove(&platform.db, id, identity.account).await.map(|()| NoContent)
}

async fn remove(db: &Db, id: PlaylistId, owner: AccountId) -> Result<()> {
    db.transaction(async |conn| Playlist::lock(conn, id, owner, PlaylistRole::Owner).await?.delete(conn).await).await
}
