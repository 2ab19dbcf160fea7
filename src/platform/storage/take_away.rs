//! Takes objects away that somebody let go of.

use futures_util::future::BoxFuture;

use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::jobs::Run;

/// Whether anything of a module still names an object.
pub(crate) type Uses = for<'c> fn(&'c mut Conn, &'c str) -> BoxFuture<'c, Result<bool>>;

/// One object after the other, each in a transaction of its own; those that are still used stay, for the same bytes may be
/// somebody else's too. May run twice.
pub(crate) async fn take_away(platform: &Platform, run: &Run, keys: &[String], is_used: Uses) -> Result<()> {
    for key in keys {
        platform
            .db
            .transaction(async |conn| {
                run.fence(conn).await?;
                super::lock(conn, key).await?;
                if is_used(conn, key).await? {
                    return Ok(());
                }
                platform.storage.discard(conn, key).await
            })
            .await?;
    }
    Ok(())
}
