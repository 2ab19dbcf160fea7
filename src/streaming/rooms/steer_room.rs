//! Steer a room: say what is heard in it from now on.

use std::time::Duration;

use actix_web::put;
use actix_web::web::Data;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::playback::Playback;
use super::room::Room;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Listen};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id, Json};
use crate::platform::id::{AccountId, RoomId, TrackId};
use crate::platform::limits::Rule;
use crate::streaming::played_track::{PlayedTrack, heard_by};

const MOST_ITEMS: usize = 500;

/// Each is told to everybody in the room.
static STEERED_BY: Rule = Rule::new("rooms-steered-by", 120, MINUTE, MINUTE);
const MINUTE: Duration = Duration::from_secs(60);

/// What is heard from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPlayback {
    /// Other tracks, 1 to 500 that whoever steers may hear; the same as before where absent.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 500)]
    items: Option<Vec<TrackId>>,
    /// Which of them, counted from 0.
    #[schema(minimum = 0)]
    current: u32,
    /// Where in that track.
    #[schema(minimum = 0)]
    position_ms: u32,
    is_playing: bool,
}

/// Say what is heard in a room from now on: another track, another place, a pause. Its host may; everybody in it where it is open.
/// Everybody is told (`room.playback`).
#[utoipa::path(tag = "rooms", params(("id" = RoomId, Path)), request_body = NewPlayback, responses((status = 200, body = Playback),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem)))]
#[put("/rooms/{id}/playback")]
pub(in crate::streaming) async fn put(
    platform: Data<Platform>,
    identity: Identity<Listen>,
    Id(id): Id<RoomId>,
    Json(new): Json<NewPlayback>,
) -> Result<Found<Playback>> {
    steer(&platform, id, identity.account, new).await.map(Found)
}

async fn steer(platform: &Platform, id: RoomId, account: AccountId, new: NewPlayback) -> Result<Playback> {
    drop(platform.limits.take(&[(&STEERED_BY, &account.to_string())]).await?);
    platform
        .db
        .transaction(async |conn| {
            let mut room = Room::lock(conn, id).await?;
            Room::of_member(conn, id, account).await?;
            if !room.is_steered_by(account) {
                return Err(Error::Forbidden);
            }
            let has_new_items = new.items.is_some();
            if let Some(items) = new.items {
                room.durations_ms = durations(conn, account, &items).await?;
                room.track_ids = items;
            }
            let duration = room.durations_ms.get(new.current as usize);
            let duration = duration.ok_or_else(|| {
                Error::invalid("current", "One of the items is current: from 0 to one less than there are.")
            })?;
            room.position_ms = i64::from(new.position_ms).min(*duration);
            room.current = i32::try_from(new.current).unwrap_or(i32::MAX);
            room.is_playing = new.is_playing;
            // Of the moment at which everybody else has had their say.
            room.anchored_at = platform.clock.now();
            room.touched_at = room.anchored_at;
            room.version += 1;
            room.play(conn).await?;
            let playback = room.playback();
            let told = json!({ "playback": playback, "has_new_items": has_new_items, "by": account });
            room.tell(conn, "room.playback", told).await?;
            Ok(playback)
        })
        .await
}

/// How long each of the tracks is; 422 where there are none or too many, or one that the account may not hear.
pub(super) async fn durations(conn: &mut Conn, account: AccountId, items: &[TrackId]) -> Result<Vec<i64>> {
    if !(1..=MOST_ITEMS).contains(&items.len()) {
        return Err(Error::invalid("items", "A room plays 1 to 500 tracks."));
    }
    let tracks = heard_by(conn, account, items.iter().copied()).await?;
    let durations = items.iter().map(|item| tracks.get(item).map(PlayedTrack::duration_ms));
    let durations: Option<Vec<i64>> = durations.collect();
    durations.ok_or_else(|| Error::invalid("items", "One of these tracks is not there, or not yours to hear."))
}
