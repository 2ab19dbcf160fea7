//! Count plays: every few seconds those that are new go into the totals of their tracks, and the totals are told.
//!
//! Nobody who presses play waits for a counter, however many listen to one track.

use std::time::Duration;

use super::track_plays::add_up;
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::outbox;

/// How often they are counted.
const EVERY: Duration = Duration::from_secs(10);

/// How many plays at a time.
const BATCH: i64 = 5000;

/// Façade: counts, for as long as the process lives.
pub(crate) async fn count_plays(platform: Platform) {
    loop {
        match count(&platform).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "counting plays"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

// Whether there was anything to count.
async fn count(platform: &Platform) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            let totals = add_up(conn, BATCH).await?;
            if totals.is_empty() {
                return Ok(false);
            }
            outbox::record(conn, &Event::PlaysCounted { totals }).await?;
            Ok(true)
        })
        .await
}
