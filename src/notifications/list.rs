//! Show the inbox.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::notification::Notification;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::NotificationId;

/// A page of the inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Inbox {
    items: Vec<Notification>,
    next_cursor: Option<String>,
    /// Of the whole inbox.
    unread_count: i64,
}

/// The signed-in account's notifications, newest first.
#[utoipa::path(tag = "notifications", params(PagingQuery), responses(
    (status = 200, body = Inbox), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/notifications")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    paging: Paging<NotificationId>,
) -> Result<Found<Inbox>> {
    let mut conn = platform.db.conn().await?;
    let list = Notification::list(&mut conn, identity.account, paging.after, paging.limit).await?;
    let unread_count = Notification::count_unread(&mut conn, identity.account).await?;
    let Page { items, next_cursor } = Page::new(list, paging.limit, |notification| notification.id);
    Ok(Found(Inbox { items, next_cursor, unread_count }))
}
