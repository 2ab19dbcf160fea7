//! Tell who runs the server what they should look after: in the inbox, and live.

use uuid::Uuid;

use super::administrator::Administrator;
use super::follow::Follow;
use super::notification::{News, Notification, NotificationKind};
use super::tell_followers::message;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::live;

/// More was rejected than usual.
pub(super) async fn tell_of_quarantine(conn: &mut Conn, alert: Uuid, files: i64, more: i64) -> Result<()> {
    let title = format!("{files} rejected files are in quarantine");
    let subtitle = format!("{more} more than when this was told last");
    let news = News {
        kind: NotificationKind::QuarantineGrew,
        subject: alert,
        title: &title,
        subtitle: &subtitle,
        url: "/admin",
        about: None,
    };
    Follow::begin_to_tell(conn).await?;
    let administrators = Administrator::list(conn).await?;
    let told = Notification::insert_all(conn, &administrators, &news).await?;
    live::tell_all(conn, told.iter().map(|(account, notification)| message(*account, notification)).collect()).await
}
