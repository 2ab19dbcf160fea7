//! Leave a room.

use actix_web::delete;
use actix_web::web::Data;
use serde_json::json;

use super::member::Member;
use super::room::Room;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Listen};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, RoomId};

/// Leave a room. Where its host leaves, who has been in it for longest is the host; the last one closes it.
#[utoipa::path(tag = "rooms", params(("id" = RoomId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/rooms/{id}/membership")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Listen>,
    Id(id): Id<RoomId>,
) -> Result<NoContent> {
    leave(&platform, id, identity.account).await.map(|()| NoContent)
}

async fn leave(platform: &Platform, id: RoomId, account: AccountId) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            let room = Room::lock(conn, id).await?;
            Room::of_member(conn, id, account).await?;
            go(conn, room, account).await
        })
        .await
}

/// Of an account that is erased: it leaves every room.
pub(in crate::streaming) async fn leave_all(conn: &mut Conn, account: AccountId) -> Result<()> {
    // In one order, so that two who leave do not wait for each other.
    for id in Room::ids_of(conn, account).await? {
        match Room::lock(conn, id).await {
            Ok(room) => go(conn, room, account).await?,
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Takes somebody out of a room that the caller holds.
pub(super) async fn go(conn: &mut Conn, mut room: Room, account: AccountId) -> Result<()> {
    Member::delete(conn, room.id, account).await?;
    let Some(heir) = Room::heir(conn, room.id, account).await? else {
        return Room::delete(conn, room.id).await;
    };
    if room.host_id == account {
        room.host_id = heir;
        room.save(conn).await?;
    }
    room.tell(conn, "room.changed", json!({})).await
}
