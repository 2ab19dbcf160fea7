//! Tell when the quarantine grows: one bad file is its artist's affair, many are a fault of ours, or an attack.

use std::time::Duration;

use uuid::Uuid;

use super::quarantine_alert::{QuarantineAlert, count_quarantined};
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::outbox;

/// How often it is counted.
const EVERY: Duration = Duration::from_secs(60);

/// Façade: watches the quarantine, for as long as the process lives.
pub(crate) async fn watch_quarantine(platform: Platform) {
    loop {
        if let Err(error) = look(&platform).await {
            tracing::warn!(%error, "counting what is in quarantine");
        }
        tokio::time::sleep(EVERY).await;
    }
}

// Each growth is told once. What shrank may grow again, and is told again.
async fn look(platform: &Platform) -> Result<()> {
    let threshold = i64::from(platform.config.quarantine_alert);
    platform
        .db
        .transaction(async |conn| {
            let Some(QuarantineAlert { told }) = QuarantineAlert::lock(conn).await? else { return Ok(()) };
            let files = count_quarantined(conn).await?;
            if files >= told + threshold {
                QuarantineAlert::set(conn, files).await?;
                tracing::warn!(files, more = files - told, "the quarantine grows");
                let grew = Event::QuarantineGrew { alert: Uuid::now_v7(), files, more: files - told };
                return outbox::record(conn, &grew).await;
            }
            if files < told {
                QuarantineAlert::set(conn, files).await?;
            }
            Ok(())
        })
        .await
}
