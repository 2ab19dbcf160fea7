//! Forget the sessions whose time is over.

use std::time::Duration;

use super::session::Session;
use crate::platform::Platform;
use crate::platform::error::Result;

/// They are looked for this often.
const EVERY: Duration = Duration::from_secs(3600);

/// Façade: forgets expired sessions, for as long as the process lives.
pub(crate) async fn forget_sessions(platform: Platform) {
    loop {
        if let Err(error) = forget(&platform).await {
            tracing::warn!(%error, "forgetting expired sessions");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn forget(platform: &Platform) -> Result<()> {
    let forgotten = Session::delete_expired(&mut *platform.db.conn().await?, &platform.config, platform.clock.now()).await?;
    tracing::debug!(sessions = forgotten, "forgot expired sessions");
    Ok(())
}
