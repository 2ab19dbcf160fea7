//! Come into a room.

use actix_web::put;
use actix_web::web::Data;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::create_room::MOST;
use super::member::Member;
use super::room::Room;
use super::show_room::{ShownRoom, show};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Listen};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Found, Id, Json};
use crate::platform::id::{AccountId, RoomId};

/// How many a room has place for.
const PLACES: i64 = 50;

/// What opens it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoomKey {
    /// As somebody in the room was told it.
    #[schema(max_length = 100)]
    key: String,
}

/// Come into a room, with its key; who is in it already stays. It has place for 50.
#[utoipa::path(tag = "rooms", params(("id" = RoomId, Path)), request_body = RoomKey, responses((status = 200, body = ShownRoom),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
#[put("/rooms/{id}/membership")]
pub(in crate::streaming) async fn put(
    platform: Data<Platform>,
    identity: Identity<Listen>,
    Id(id): Id<RoomId>,
    Json(key): Json<RoomKey>,
) -> Result<Found<ShownRoom>> {
    join(&platform, id, identity.account, &key.key).await.map(Found)
}

async fn join(platform: &Platform, id: RoomId, account: AccountId, key: &str) -> Result<ShownRoom> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let mut room = Room::lock(conn, id).await?;
            if !room.is_opened_by(platform, key) {
                return Err(Error::NotFound("room"));
            }
            if Member::insert(conn, id, account, now).await? {
                if Member::count(conn, id).await? > PLACES {
                    return Err(Error::RefusedBecause(Code::LimitReached, "The room has place for 50.".to_owned()));
                }
                if Member::count_rooms(conn, account).await? > MOST {
                    return Err(Error::Refused(Code::LimitReached));
                }
                room.touched_at = now;
                room.save(conn).await?;
                room.tell(conn, "room.changed", json!({})).await?;
            }
            show(platform, conn, id, account).await
        })
        .await
}
