//! Forget the archives that can be fetched no longer, and the invitations that are good no longer.

use std::time::Duration;

use super::export::Export;
use super::invitation::Invitation;
use crate::platform::Platform;
use crate::platform::error::Result;

/// They are looked for this often.
const EVERY: Duration = Duration::from_secs(3600);

/// Façade: takes away what has expired, for as long as the process lives.
pub(crate) async fn forget_exports(platform: Platform) {
    loop {
        if let Err(error) = forget(&platform).await {
            tracing::warn!(%error, "forgetting old exports");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn forget(platform: &Platform) -> Result<()> {
    let now = platform.clock.now();
    let mut conn = platform.db.conn().await?;
    Invitation::delete_expired(&mut conn, now).await?;
    let keys = Export::delete_expired(&mut conn, now).await?;
    drop(conn);
    for key in &keys {
        platform.storage.discard_private(key).await?;
    }
    tracing::debug!(exports = keys.len(), "forgot old exports");
    Ok(())
}
