//! What is left of an account that is erased: its plays, which are nobody's then, and what it did in the playlists of others.
//! What it kept, and its own playlists, go.

use super::company::Follow;
use super::history::{self, Stretch};
use super::library;
use super::players::Player;
use super::playlists;
use super::preferences::Preferences;
use super::rooms;
use super::scrobbling::Scrobbler;
use super::streams::Stream;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::event::Event;

/// Follows who leaves.
pub(crate) async fn on_event(_: &Platform, conn: &mut Conn, event: &Event) -> Result<()> {
    match event {
        Event::AccountClosed { account } => {
            history::forget(conn, *account, &Stretch::default()).await?;
            library::forget(conn, *account).await?;
            Stream::forget(conn, *account).await?;
            Player::forget(conn, *account).await?;
            rooms::leave_all(conn, *account).await?;
            Follow::forget(conn, *account).await?;
            Preferences::forget(conn, *account).await?;
            Scrobbler::forget(conn, *account).await?;
            playlists::forget_account(conn, *account).await
        }
        _ => Ok(()),
    }
}
