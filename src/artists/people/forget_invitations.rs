//! Forget the invitations and offers that nobody has answered in time.

use std::time::Duration;

use super::invitation::Invitation;
use crate::artists::label;
use crate::platform::Platform;
use crate::platform::error::Result;

/// They are looked for this often. What is past its time stands for nothing before that.
const EVERY: Duration = Duration::from_secs(3600);

/// Façade: forgets what is past its time, for as long as the process lives.
pub(crate) async fn forget_invitations(platform: Platform) {
    loop {
        if let Err(error) = forget(&platform).await {
            tracing::warn!(%error, "forgetting invitations that nobody answered");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn forget(platform: &Platform) -> Result<()> {
    let (mut conn, now) = (platform.db.conn().await?, platform.clock.now());
    Invitation::delete_expired(&mut conn, now).await?;
    label::delete_expired_offers(&mut conn, now).await
}
