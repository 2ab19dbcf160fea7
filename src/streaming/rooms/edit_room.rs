//! Edit what a room is called, and who steers it.

use actix_web::patch;
use actix_web::web::Data;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::room::Room;
use super::show_room::{ShownRoom, show};
use crate::artists::Title;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Listen};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Id, Json};
use crate::platform::id::{AccountId, RoomId};

/// What may change. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoomChanges {
    #[serde(default)]
    title: Option<Title>,
    /// Whether everybody in it steers.
    #[serde(default)]
    is_open: Option<bool>,
}

/// Change what a room is called, and who steers it; its host may.
#[utoipa::path(tag = "rooms", params(("id" = RoomId, Path)), request_body = RoomChanges, responses((status = 200, body = ShownRoom),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[patch("/rooms/{id}")]
pub(in crate::streaming) async fn patch(
    platform: Data<Platform>,
    identity: Identity<Listen>,
    Id(id): Id<RoomId>,
    Json(changes): Json<RoomChanges>,
) -> Result<Found<ShownRoom>> {
    edit(&platform, id, identity.account, &changes).await.map(Found)
}

async fn edit(platform: &Platform, id: RoomId, host: AccountId, changes: &RoomChanges) -> Result<ShownRoom> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let mut room = Room::lock_for_host(conn, id, host).await?;
            if let Some(title) = &changes.title {
                room.name(title);
            }
            room.is_open = changes.is_open.unwrap_or(room.is_open);
            room.touched_at = now;
            room.save(conn).await?;
            room.tell(conn, "room.changed", json!({})).await?;
            show(platform, conn, id, host).await
        })
        .await
}
