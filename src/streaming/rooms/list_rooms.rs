//! List the rooms that an account is in.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::member::Member;
use super::room::Room;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::Found;
use crate::platform::id::{AccountId, RoomId};

/// A room that the account is in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedRoom {
    id: RoomId,
    title: String,
    is_host: bool,
    is_playing: bool,
    member_count: i64,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Rooms {
    /// The latest first; 50 at the most.
    items: Vec<ListedRoom>,
}

/// The rooms that the account is in.
#[utoipa::path(tag = "rooms", responses((status = 200, body = Rooms), (status = 401, body = Problem)))]
#[get("/rooms")]
pub(in crate::streaming) async fn get(platform: Data<Platform>, identity: Identity<Read>) -> Result<Found<Rooms>> {
    list(&platform, identity.account).await.map(Found)
}

async fn list(platform: &Platform, account: AccountId) -> Result<Rooms> {
    let now = platform.clock.now();
    let mut conn = platform.db.conn().await?;
    let rooms = Room::list(&mut conn, account).await?;
    let ids: Vec<RoomId> = rooms.iter().map(|room| room.id).collect();
    let members = Member::count_each(&mut conn, &ids).await?;
    let listed = |room: Room| ListedRoom {
        is_playing: room.playback().at(now, &room.durations_ms).is_playing,
        member_count: members.get(&room.id).copied().unwrap_or(0),
        id: room.id,
        is_host: room.host_id == account,
        title: room.title,
    };
    Ok(Rooms { items: rooms.into_iter().map(listed).collect() })
}
