//! Take away what nobody finished, and forget in time what became of the rest.

use std::time::Duration;

use super::lease::Lease;
use super::transfer::Transfer;
use crate::platform::Platform;
use crate::platform::error::{Code, Error, Result};

/// They are looked for this often.
const EVERY: Duration = Duration::from_secs(600);

/// Taken at a time.
const BATCH: i64 = 100;

/// How long it is told what became of an upload, after its time.
const TOLD: Duration = Duration::from_secs(24 * 3600);

/// Façade: lets uploads expire, for as long as the process lives.
pub(crate) async fn expire_uploads(platform: Platform) {
    loop {
        match expire_all(&platform).await {
            Ok(0) => {}
            Ok(expired) => tracing::info!(expired, "uploads expired"),
            Err(error) => tracing::warn!(%error, "letting uploads expire"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn expire_all(platform: &Platform) -> Result<usize> {
    let now = platform.clock.now();
    let mut expired = 0;
    loop {
        let overdue = Transfer::list_overdue(&mut *platform.db.conn().await?, now, BATCH).await?;
        if overdue.is_empty() {
            break;
        }
        let before = expired;
        for transfer in &overdue {
            expired += usize::from(expire(platform, transfer).await?);
        }
        // What is left is being written to.
        if expired == before {
            break;
        }
    }
    Transfer::forget_ended(&mut *platform.db.conn().await?, now - TOLD).await?;
    Ok(expired)
}

// False where somebody goes on with it in this moment.
async fn expire(platform: &Platform, transfer: &Transfer) -> Result<bool> {
    let lease = match Lease::take(&platform.db, transfer.id, false).await {
        Ok(lease) => lease,
        Err(Error::Refused(Code::UploadBusy)) => return Ok(false),
        Err(error) => return Err(error),
    };
    let expired = expire_alone(platform, transfer).await;
    lease.release(&platform.db).await;
    expired
}

async fn expire_alone(platform: &Platform, transfer: &Transfer) -> Result<bool> {
    let expired = platform
        .db
        .transaction(async |conn| {
            let held = Transfer::lock(conn, transfer.id).await?;
            let held = held.filter(|held| held.state == transfer.state && held.expires_at == transfer.expires_at);
            if let Some(held) = &held {
                held.expire(conn).await?;
            }
            Ok(held.is_some())
        })
        .await?;
    if expired {
        platform.storage.discard_landing(transfer.id.uuid(), &transfer.landing()?).await?;
    }
    Ok(expired)
}
