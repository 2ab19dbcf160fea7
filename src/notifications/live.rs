//! The live channel of an account: notifications and the progress of uploads, as server-sent events.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde_json::json;

use super::notification::Notification;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::id::{AccountId, NotificationId};
use crate::platform::live::{self, Message};

/// The name of the live event.
pub(super) const NOTIFICATION: &str = "notification";

/// What a channel that was away is told at the most.
const MAX_REPLAY: i64 = 200;

/// Events as they happen: `notification` (with an id, replayed after `Last-Event-ID`) and `track.progress`.
#[utoipa::path(tag = "notifications", responses(
    (status = 200, body = String, content_type = "text/event-stream"), (status = 401, body = Problem)))]
#[get("/live")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Read>,
) -> Result<HttpResponse> {
    // Subscribed before the replay is read, so that nothing falls between.
    let mut channels = live::end_channels(&identity);
    channels.push(format!("account:{}", identity.account));
    let messages = platform.live.subscribe(&channels)?;
    let last = request.headers().get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let missed = missed(&platform, identity.account, last).await?;
    Ok(live::respond(missed, messages, |message| message.event == live::SESSION_ENDED))
}

async fn missed(platform: &Platform, account: AccountId, since: Option<NotificationId>) -> Result<Vec<Message>> {
    let Some(since) = since else { return Ok(Vec::new()) };
    let missed = Notification::list_since(&mut *platform.db.conn().await?, account, since, MAX_REPLAY).await?;
    let message = |notification: Notification| Message {
        event: NOTIFICATION.to_owned(),
        id: Some(notification.id.to_string()),
        data: json!(notification),
    };
    Ok(missed.into_iter().map(message).collect())
}
