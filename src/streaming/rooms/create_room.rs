//! Open a room.

use actix_web::post;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::member::Member;
use super::room::Room;
use super::show_room::{ShownRoom, show};
use super::steer_room::durations;
use crate::artists::Title;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Listen};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Created, IdempotencyHeader, IdempotencyKey, Json};
use crate::platform::id::{AccountId, RoomId, TrackId};

/// Rooms that an account is in.
pub(super) const MOST: i64 = 50;

/// A room to be.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRoom {
    title: Title,
    /// What is to be heard, in this order: 1 to 500 tracks that its host may hear. Nothing plays yet.
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<TrackId>,
    /// Whether everybody in it steers, or its host alone, as where this is absent.
    #[serde(default)]
    is_open: bool,
}

/// Open a room, to listen with others. Who has its key comes in (`PUT /rooms/{id}/membership`).
#[utoipa::path(tag = "rooms", params(IdempotencyHeader), request_body = NewRoom, responses((status = 201, body = ShownRoom),
    (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/rooms")]
pub(in crate::streaming) async fn post(
    platform: Data<Platform>,
    identity: Identity<Listen>,
    key: IdempotencyKey,
    Json(new): Json<NewRoom>,
) -> Result<Created<ShownRoom>> {
    create(&platform, identity.account, &new, &key).await.map(Created)
}

async fn create(platform: &Platform, host: AccountId, new: &NewRoom, key: &IdempotencyKey) -> Result<ShownRoom> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let id = RoomId::new();
            if let Some(earlier) = key.claim(conn, host, new, id.uuid()).await? {
                return show(platform, conn, earlier.into(), host).await;
            }
            let room = Room {
                id,
                host_id: host,
                title: new.title.as_str().to_owned(),
                is_open: new.is_open,
                key_number: 0,
                track_ids: new.items.clone(),
                durations_ms: durations(conn, host, &new.items).await?,
                current: 0,
                position_ms: 0,
                is_playing: false,
                anchored_at: now,
                version: 1,
                touched_at: now,
            };
            room.insert(conn).await?;
            if Member::count_rooms(conn, host).await? > MOST {
                return Err(Error::Refused(Code::LimitReached));
            }
            show(platform, conn, id, host).await
        })
        .await
}
