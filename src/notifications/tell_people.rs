//! Tell people who act for artists what concerns them: in the inbox, and live.

use std::slice;

use super::follow::Follow;
use super::notification::{News, Notification, NotificationKind as Kind};
use super::tell_followers::message;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::id::AccountId;
use crate::platform::live;

/// What an event about an artist's people means for inboxes. What somebody did themselves is no news to them.
pub(super) async fn tell(conn: &mut Conn, event: &Event) -> Result<()> {
    match event {
        Event::MemberInvited { invitation, artist_name, account, role, .. } => {
            let news = news(Kind::MemberInvited, *invitation, artist_name, role, "/invitations");
            put(conn, slice::from_ref(account), &news).await
        }
        Event::InvitationAnswered { invitation, artist, artist_name, invited_by, account, handle, accepted } => {
            let kind = if *accepted { Kind::InvitationAccepted } else { Kind::InvitationDeclined };
            let url = format!("/studio/artists/{artist}/people");
            let news = News { about: *account, ..news(kind, *invitation, artist_name, handle, &url) };
            put(conn, slice::from_ref(invited_by), &news).await
        }
        Event::MembershipChanged { by, account, .. } if *by == Some(*account) => Ok(()),
        Event::MembershipChanged { change, artist, artist_name, account, role, .. } => {
            let url = format!("/studio/artists/{artist}");
            let news = match role {
                Some(role) => news(Kind::RoleChanged, *change, artist_name, role, &url),
                None => news(Kind::MembershipEnded, *change, artist_name, "", "/studio"),
            };
            put(conn, slice::from_ref(account), &news).await
        }
        Event::LabelOffered { offer, artist_name, label_name, ask, .. } => {
            put(conn, ask, &news(Kind::LabelOffered, *offer, artist_name, label_name, "/studio")).await
        }
        Event::LabelChanged { change, artist, artist_name, label_name, managed, tell, .. } => {
            let kind = if *managed { Kind::LabelJoined } else { Kind::LabelLeft };
            let url = format!("/artists/{artist}");
            put(conn, tell, &news(kind, *change, artist_name, label_name, &url)).await
        }
        Event::ShareOffered { share, track_title, account, percent, .. } => {
            let news = news(Kind::ShareOffered, *share, track_title, percent, "/invitations");
            put(conn, slice::from_ref(account), &news).await
        }
        _ => Ok(()),
    }
}

fn news<'a>(kind: Kind, subject: uuid::Uuid, title: &'a str, subtitle: &'a str, url: &'a str) -> News<'a> {
    News { kind, subject, title, subtitle, url, about: None }
}

async fn put(conn: &mut Conn, accounts: &[AccountId], news: &News<'_>) -> Result<()> {
    if accounts.is_empty() {
        return Ok(());
    }
    Follow::begin_to_tell(conn).await?;
    let told = Notification::insert_all(conn, accounts, news).await?;
    live::tell_all(conn, told.iter().map(|(account, notification)| message(*account, notification)).collect()).await
}
