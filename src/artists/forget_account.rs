//! What is left of an account that is erased: its follows go, it is a member of nothing, and an artist that nobody else
//! acts for goes with its whole catalogue.

use super::{delete_artist, make_again, membership};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::id::AccountId;

/// Follows who leaves, and what the store lost.
pub(crate) async fn on_event(_: &Platform, conn: &mut Conn, event: &Event) -> Result<()> {
    match event {
        Event::AccountClosed { account } => forget(conn, *account).await,
        Event::ObjectDamaged { key } => make_again::make_again(conn, std::slice::from_ref(key)).await.map(drop),
        _ => Ok(()),
    }
}

async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
    for artist in membership::leave_all(conn, account).await? {
        delete_artist::enqueue(conn, artist).await?;
    }
    membership::forget(conn, account).await
}
