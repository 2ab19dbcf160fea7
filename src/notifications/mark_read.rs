//! Mark a notification as read.

use actix_web::put;
use actix_web::web::Data;

use super::notification::Notification;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::NotificationId;

/// Mark a notification as read.
#[utoipa::path(tag = "notifications", params(("id" = NotificationId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[put("/notifications/{id}/read")]
pub(super) async fn put(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<NotificationId>,
) -> Result<NoContent> {
    let now = platform.clock.now();
    let found = Notification::mark_read(&mut *platform.db.conn().await?, identity.account, id, now).await?;
    if found { Ok(NoContent) } else { Err(Error::NotFound("notification")) }
}
