//! Show what an account's players have lined up.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::queue::QueueRow;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{IfNoneMatchHeader, PartlyEditable};
use crate::platform::id::{AccountId, TrackId};
use crate::streaming::played_track::{PlayedTrack, heard_by};

/// What is lined up, and where the listener is in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Queue {
    items: Vec<QueueItem>,
    /// Which of them is current, counted from 0; null where none is.
    current: Option<i32>,
    /// Where in that track the listener is.
    position_ms: i32,
    /// What put it, as it calls itself.
    device: Option<String>,
    /// Null where nothing was put yet.
    put_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueItem {
    track_id: TrackId,
    /// Null where the listener may hear it no longer.
    track: Option<PlayedTrack>,
}

/// What the account's players have lined up: one queue for all devices, so that a listener goes on elsewhere.
#[utoipa::path(tag = "library", params(IfNoneMatchHeader), responses(
    (status = 200, body = Queue, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 304, description = "As the client holds it"), (status = 401, body = Problem)))]
#[get("/me/queue")]
pub(in crate::streaming) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
) -> Result<PartlyEditable<Queue, QueueRow>> {
    show(&platform, identity.account).await
}

async fn show(platform: &Platform, account: AccountId) -> Result<PartlyEditable<Queue, QueueRow>> {
    let mut conn = platform.db.conn().await?;
    let row = QueueRow::find(&mut conn, account).await?;
    let tracks = heard_by(&mut conn, account, row.track_ids.iter().copied()).await?;
    // The same track may stand in it several times.
    let item = |track_id: &TrackId| QueueItem { track_id: *track_id, track: tracks.get(track_id).cloned() };
    let body = Queue {
        items: row.track_ids.iter().map(item).collect(),
        current: row.current,
        position_ms: row.position_ms,
        device: row.device.clone(),
        put_at: row.put_at,
    };
    Ok(PartlyEditable { body, edited: row })
}
