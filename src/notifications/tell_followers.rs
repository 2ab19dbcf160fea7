//! Tell an artist's followers of a new release: in the inbox, and live.

use serde_json::json;

use super::follow::Follow;
use super::live;
use super::notification::{News, Notification, NotificationKind};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, ReleaseId};
use crate::platform::live::{self as channels, Message};

/// Followers told in one statement.
const BATCH: i64 = 1000;

/// A release that is public for the first time.
pub(super) struct Published<'a> {
    pub(super) release: ReleaseId,
    pub(super) artist: ArtistId,
    pub(super) artist_name: &'a str,
    pub(super) title: &'a str,
}

pub(super) async fn tell(conn: &mut Conn, published: &Published<'_>) -> Result<()> {
    let url = format!("/releases/{}", published.release);
    let news = News {
        kind: NotificationKind::ReleasePublished,
        subject: published.release.uuid(),
        title: published.title,
        subtitle: published.artist_name,
        url: &url,
        about: None,
    };
    Follow::begin_to_tell(conn).await?;
    let mut after = None;
    loop {
        let followers = Follow::list(conn, published.artist, after, BATCH).await?;
        let Some(last) = followers.last() else { return Ok(()) };
        after = Some(*last);
        let told = Notification::insert_all(conn, &followers, &news).await?;
        channels::tell_all(conn, told.iter().map(|(account, notification)| message(*account, notification)).collect())
            .await?;
    }
}

pub(super) fn message(account: AccountId, notification: &Notification) -> (Vec<String>, Message) {
    let id = Some(notification.id.to_string());
    let message = Message { event: live::NOTIFICATION.to_owned(), id, data: json!(notification) };
    (vec![format!("account:{account}")], message)
}
