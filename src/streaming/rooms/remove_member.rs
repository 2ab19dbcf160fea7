//! Show somebody out of a room.

use actix_web::delete;
use actix_web::web::{Data, Path};
use serde_json::json;

use super::leave_room::go;
use super::member::Member;
use super::room::Room;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Listen};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::{AccountId, RoomId};

/// Show somebody out of a room; its host may. The key that they know opens it no more.
#[utoipa::path(tag = "rooms", params(("id" = RoomId, Path), ("account" = AccountId, Path)), responses((status = 204),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/rooms/{id}/members/{account}")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Listen>,
    path: Path<(String, String)>,
) -> Result<NoContent> {
    let (room, account) = path.into_inner();
    let room = room.parse().map_err(|_| Error::NotFound("room"))?;
    let account = account.parse().map_err(|_| Error::NotFound("account"))?;
    remove(&platform, (room, account), identity.account).await.map(|()| NoContent)
}

async fn remove(platform: &Platform, (id, account): (RoomId, AccountId), host: AccountId) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            let mut room = Room::lock_for_host(conn, id, host).await?;
            let members = Member::list(conn, id).await?;
            if account == host || !members.iter().any(|member| member.account_id == account) {
                return Err(Error::NotFound("account"));
            }
            room.key_number += 1;
            room.save(conn).await?;
            room.tell_these(conn, [account].into_iter(), "room.closed", json!({})).await?;
            go(conn, room, account).await
        })
        .await
}
