//! Forget the packages that can be fetched no longer.

use std::time::Duration;

use super::package::Package;
use crate::platform::Platform;
use crate::platform::error::Result;

/// They are looked for this often.
const EVERY: Duration = Duration::from_secs(3600);

/// Façade: takes away what has expired, for as long as the process lives.
pub(crate) async fn forget_packages(platform: Platform) {
    loop {
        if let Err(error) = forget(&platform).await {
            tracing::warn!(%error, "forgetting old packages");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn forget(platform: &Platform) -> Result<()> {
    let keys = Package::delete_expired(&mut *platform.db.conn().await?, platform.clock.now()).await?;
    for key in &keys {
        platform.storage.discard_private(key).await?;
    }
    tracing::debug!(packages = keys.len(), "forgot old packages");
    Ok(())
}
