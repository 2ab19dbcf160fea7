//! What is left of an account that is erased: its plays, which are nobody's then.

use super::play::Play;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::event::Event;

/// Follows who leaves.
pub(crate) async fn on_event(_: &Platform, conn: &mut Conn, event: &Event) -> Result<()> {
    match event {
        Event::AccountClosed { account } => Play::forget_listener(conn, *account).await,
        _ => Ok(()),
    }
}
