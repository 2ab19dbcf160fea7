//! Erase the accounts whose owners did not come back.

use std::time::Duration;

use serde_json::json;

use super::closing::Due;
use super::export::Export;
use super::picture::Objects;
use super::{audit, discard_picture};
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::http::idempotency;
use crate::platform::id::AccountId;
use crate::platform::{Platform, jobs, outbox};

/// They are looked for this often.
const EVERY: Duration = Duration::from_secs(300);

/// Accounts that are looked up together.
const BATCH: i64 = 100;

/// Façade: erases accounts past their time, for as long as the process lives.
pub(crate) async fn erase_accounts(platform: Platform) {
    loop {
        match erase_due(&platform).await {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, "erased closed accounts"),
            Err(error) => tracing::warn!(%error, "erasing closed accounts"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Erases those whose time is over now; answers how many. Several processes may do so at once.
pub(super) async fn erase_due(platform: &Platform) -> Result<usize> {
    let mut erased = 0;
    loop {
        let due = Due::list(&mut *platform.db.conn().await?, platform.clock.now(), BATCH).await?;
        let before = erased;
        for id in due {
            erased += usize::from(erase(platform, id).await?);
        }
        if erased == before {
            return Ok(erased);
        }
    }
}

/// One account: what is its own here goes now, what is its own elsewhere by the event. False when it is gone already, or
/// its owner came back in the last moment.
async fn erase(platform: &Platform, id: AccountId) -> Result<bool> {
    let erased = platform
        .db
        .transaction(async |conn| {
            let Some(account) = Due::lock(conn, id, platform.clock.now()).await? else { return Ok(None) };
            let archives = Export::keys(conn, id).await?;
            idempotency::forget(conn, id).await?;
            jobs::forget_dead(conn, id.uuid()).await?;
            audit::record(conn, None, id, "erased", json!({})).await?;
            outbox::record(conn, &Event::AccountClosed { account: id }).await?;
            let pictures = Objects::of_account(conn, id).await?.keys();
            discard_picture::enqueue(conn, pictures).await?;
            account.delete(conn).await?;
            Ok(Some(archives))
        })
        .await?;
    let Some(archives) = erased else { return Ok(false) };
    // Should the process die before this, the sweep finds the archives.
    for key in &archives {
        platform.storage.discard_private(key).await?;
    }
    Ok(true)
}
