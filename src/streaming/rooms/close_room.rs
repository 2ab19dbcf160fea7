//! Close a room.

use actix_web::delete;
use actix_web::web::Data;
use serde_json::json;

use super::room::Room;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Listen};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, RoomId};

/// Close a room for everybody; its host may.
#[utoipa::path(tag = "rooms", params(("id" = RoomId, Path)), responses((status = 204), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/rooms/{id}")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Listen>,
    Id(id): Id<RoomId>,
) -> Result<NoContent> {
    close(&platform, id, identity.account).await.map(|()| NoContent)
}

async fn close(platform: &Platform, id: RoomId, host: AccountId) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            let room = Room::lock_for_host(conn, id, host).await?;
            room.tell(conn, "room.closed", json!({})).await?;
            Room::delete(conn, id).await
        })
        .await
}
