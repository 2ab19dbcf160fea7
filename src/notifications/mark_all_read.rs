//! Mark all notifications as read, up to one.

use actix_web::put;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::notification::Notification;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Json, NoContent};
use crate::platform::id::NotificationId;

/// How far the inbox was read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadUpTo {
    /// The newest notification that was seen: what came meanwhile stays unread.
    up_to: NotificationId,
}

/// Mark all as read that are as old as `up_to`, or older.
#[utoipa::path(tag = "notifications", request_body = ReadUpTo, responses(
    (status = 204), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[put("/notifications/read")]
pub(super) async fn put(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Json(read): Json<ReadUpTo>,
) -> Result<NoContent> {
    let now = platform.clock.now();
    Notification::mark_read_up_to(&mut *platform.db.conn().await?, identity.account, read.up_to, now).await?;
    Ok(NoContent)
}
