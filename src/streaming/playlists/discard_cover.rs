//! Take objects away that no playlist shows any more.

use serde::{Deserialize, Serialize};

use super::cover::Cover;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::storage;

/// Objects of covers that somebody let go of. Those that others show stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DiscardCover {
    keys: Vec<String>,
}

impl Job for DiscardCover {
    const KIND: &'static str = "streaming.discard_cover";
    const QUEUE: &'static str = "ingest";
    /// Nothing is wrong with a job like this but the store, and that comes back.
    const MAX_ATTEMPTS: i16 = 20;
}

/// In the transaction that lets go of the objects.
pub(super) async fn enqueue(conn: &mut Conn, keys: Vec<String>) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    jobs::enqueue(conn, DiscardCover { keys }).await
}

/// One object after the other, each in a transaction of its own. May run twice.
pub(crate) async fn run(platform: Platform, job: DiscardCover, run: Run) -> Result<(), Failure> {
    for key in &job.keys {
        discard(&platform, key, &run).await?;
    }
    Ok(())
}

async fn discard(platform: &Platform, key: &str, run: &Run) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            storage::lock(conn, key).await?;
            // The same picture may be another playlist's.
            if Cover::uses(conn, key).await? {
                return Ok(());
            }
            platform.storage.discard(conn, key).await
        })
        .await
}
