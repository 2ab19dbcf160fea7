//! Show a room.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::member::Member;
use super::playback::Playback;
use super::room::Room;
use crate::accounts::{self, AccountName};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Id};
use crate::platform::id::{AccountId, RoomId, TrackId};
use crate::streaming::played_track::{PlayedTrack, heard_by};

/// A room, as somebody in it sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShownRoom {
    id: RoomId,
    title: String,
    /// Whether everybody in it steers.
    is_open: bool,
    /// Whether the viewer does.
    may_steer: bool,
    is_host: bool,
    /// What lets others in; a new one once somebody was removed.
    key: String,
    /// Who came first first.
    members: Vec<RoomMember>,
    items: Vec<RoomItem>,
    playback: Playback,
    /// The server's clock.
    now: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoomMember {
    account: AccountName,
    is_host: bool,
    joined_at: DateTime<Utc>,
}

/// A track that is heard in a room.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoomItem {
    track_id: TrackId,
    /// Null where the viewer may not hear it: it is silence to them, for as long as it lasts.
    track: Option<PlayedTrack>,
    duration_ms: i64,
}

/// A room that the account is in: what is heard, and who hears it. What changes is told on `/live`: `room.playback`, `room.changed`,
/// `room.closed`.
#[utoipa::path(tag = "rooms", params(("id" = RoomId, Path)), responses(
    (status = 200, body = ShownRoom), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/rooms/{id}")]
pub(in crate::streaming) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Id(id): Id<RoomId>,
) -> Result<Found<ShownRoom>> {
    show(&platform, &mut *platform.db.conn().await?, id, identity.account).await.map(Found)
}

pub(super) async fn show(platform: &Platform, conn: &mut Conn, id: RoomId, viewer: AccountId) -> Result<ShownRoom> {
    let now = platform.clock.now();
    let room = Room::of_member(conn, id, viewer).await?;
    Room::touch(conn, id, now).await?;
    let members = Member::list(conn, id).await?;
    let ids: Vec<AccountId> = members.iter().map(|member| member.account_id).collect();
    let names = accounts::names(conn, &ids).await?;
    let tracks = heard_by(conn, viewer, room.track_ids.iter().copied()).await?;
    let member = |member: &Member| {
        let account = names.iter().find(|name| name.id == member.account_id)?.clone();
        Some(RoomMember { account, is_host: room.host_id == member.account_id, joined_at: member.joined_at })
    };
    let item = |(track_id, duration_ms): (&TrackId, &i64)| RoomItem {
        track_id: *track_id,
        track: tracks.get(track_id).cloned(),
        duration_ms: *duration_ms,
    };
    Ok(ShownRoom {
        id,
        is_open: room.is_open,
        may_steer: room.is_steered_by(viewer),
        is_host: room.host_id == viewer,
        key: room.key(platform),
        members: members.iter().filter_map(member).collect(),
        items: room.track_ids.iter().zip(&room.durations_ms).map(item).collect(),
        playback: room.playback().at(now, &room.durations_ms),
        title: room.title,
        now,
    })
}
