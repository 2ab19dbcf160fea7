//! What events mean for inboxes.

use super::administrator::Administrator;
use super::follow::Follow;
use super::notification::Notification;
use super::{tell_administrators, tell_followers, tell_people};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::id::AccountId;

/// The role of those who run the server.
const ADMINISTRATOR: &str = "admin";

/// Follows what happens.
pub(crate) async fn on_event(_: &Platform, conn: &mut Conn, event: &Event) -> Result<()> {
    match event {
        Event::FollowingChanged { artist, account, following, at } => {
            let follow = Follow { artist_id: *artist, account_id: *account, following: *following, changed_at: *at };
            follow.put(conn).await
        }
        Event::ReleasePublished { first: true, release, artist, artist_name, title, .. } => {
            let news = tell_followers::Published { release: *release, artist: *artist, artist_name, title };
            tell_followers::tell(conn, &news).await
        }
        Event::RoleChanged { account, role, at } => {
            let is_administrator = role == ADMINISTRATOR;
            Administrator { account_id: *account, is_administrator, changed_at: *at }.put(conn).await
        }
        Event::QuarantineGrew { alert, files, more } => {
            tell_administrators::tell_of_quarantine(conn, *alert, *files, *more).await
        }
        Event::MemberInvited { .. }
        | Event::InvitationAnswered { .. }
        | Event::MembershipChanged { .. }
        | Event::LabelOffered { .. }
        | Event::LabelChanged { .. }
        | Event::ShareOffered { .. } => tell_people::tell(conn, event).await,
        Event::AccountClosed { account } => forget(conn, *account).await,
        _ => Ok(()),
    }
}

// Who is told of a release a moment ago has a line in the inbox that is not committed yet: wait for it.
async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
    Follow::wait_for_tellers(conn).await?;
    Follow::delete_all(conn, account).await?;
    Administrator::delete(conn, account).await?;
    // It was closed two weeks ago: no event that names it is on its way any more.
    Notification::forget_handle(conn, account).await?;
    Notification::delete_all(conn, account).await
}
