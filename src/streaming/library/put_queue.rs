//! Put what a player has lined up.

use actix_web::put;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::queue::QueueRow;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{IfMatch, IfMatchHeader, Json, PartlyEditable};
use crate::platform::id::{AccountId, TrackId};

const MAX_TRACKS: usize = 1000;

const MAX_DEVICE: usize = 100;

/// A week: the longest that a track can be, in ms.
const MOST_MS: i32 = 7 * 24 * 3_600_000;

/// What a player has lined up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewQueue {
    /// The tracks in their order, 1,000 at the most; the same may stand in it several times.
    #[schema(max_items = 1000)]
    items: Vec<TrackId>,
    /// Which of them is current, counted from 0; absent where none is.
    #[serde(default)]
    #[schema(minimum = 0)]
    current: Option<i32>,
    /// Where in that track the listener is.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 604_800_000)]
    position_ms: i32,
    /// What the player calls itself, for the listener's other devices to say; at most 100 characters.
    #[serde(default)]
    #[schema(max_length = 100)]
    device: Option<String>,
}

/// That it was put. What it holds, the player knows; the `ETag` is the one to put the next upon.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PutQueue {
    put_at: Option<DateTime<Utc>>,
}

/// Put the queue, in the place of the one before. With `If-Match`, two devices do not overwrite each other unseen (412).
#[utoipa::path(tag = "library", params(IfMatchHeader), request_body = NewQueue, responses(
    (status = 200, body = PutQueue, headers(("ETag" = String, description = "Names this state, for `If-Match`"))),
    (status = 401, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
#[put("/me/queue")]
pub(in crate::streaming) async fn put(
    platform: Data<Platform>,
    identity: Identity<Library>,
    if_match: IfMatch,
    Json(new): Json<NewQueue>,
) -> Result<PartlyEditable<PutQueue, QueueRow>> {
    let row = new.row(platform.clock.now())?;
    let edited = exchange(&platform.db, identity.account, &row, &if_match).await?;
    Ok(PartlyEditable { body: PutQueue::from(&edited), edited })
}

async fn exchange(db: &Db, account: AccountId, new: &QueueRow, if_match: &IfMatch) -> Result<QueueRow> {
    db.transaction(async |conn| replace(conn, account, new, if_match).await).await
}

/// Puts the queue in the caller's transaction; what is kept of it.
pub(in crate::streaming) async fn replace(
    conn: &mut Conn,
    account: AccountId,
    new: &QueueRow,
    if_match: &IfMatch,
) -> Result<QueueRow> {
    if_match.require_part(&QueueRow::lock(conn, account).await?)?;
    new.save(conn, account).await
}

impl From<&QueueRow> for PutQueue {
    fn from(row: &QueueRow) -> Self {
        Self { put_at: row.put_at }
    }
}

impl NewQueue {
    /// The row, where all of it is as it may be.
    pub(in crate::streaming) fn row(self, now: DateTime<Utc>) -> Result<QueueRow> {
        if self.items.len() > MAX_TRACKS {
            return Err(Error::invalid("items", "A queue holds up to 1,000 tracks."));
        }
        let is_inside = |at: i32| usize::try_from(at).is_ok_and(|at| at < self.items.len());
        if self.current.is_some_and(|at| !is_inside(at)) {
            return Err(Error::invalid("current", "One of the items is current: from 0 to one less than there are."));
        }
        if !(0..=MOST_MS).contains(&self.position_ms) {
            return Err(Error::invalid("position_ms", "A time is 0 to 604,800,000 ms, a week."));
        }
        let device = self.device.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        if device.as_ref().is_some_and(|name| name.chars().count() > MAX_DEVICE || name.chars().any(char::is_control)) {
            return Err(Error::invalid("device", "A device's name has up to 100 characters, on one line."));
        }
        Ok(QueueRow {
            track_ids: self.items,
            current: self.current,
            position_ms: self.position_ms,
            device,
            put_at: Some(now),
        })
    }
}
