//! Move an original that was replaced from `raw/` to `archive/`.

use serde::{Deserialize, Serialize};

use crate::artists::discard;
use crate::artists::own_track::OwnTrack;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::storage::Zone;

/// One original that no track names any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ArchiveOriginal {
    key: String,
}

impl Job for ArchiveOriginal {
    const KIND: &'static str = "artists.archive_original";
    const QUEUE: &'static str = "ingest";
    /// Nothing is wrong with a job like this but the store, and that comes back.
    const MAX_ATTEMPTS: i16 = 20;
}

/// In the transaction that puts another file in its place.
pub(super) async fn enqueue(conn: &mut Conn, key: String) -> Result<()> {
    jobs::enqueue(conn, ArchiveOriginal { key }).await
}

/// Copies first and lets go of the original last. May run twice.
pub(crate) async fn run(platform: Platform, job: ArchiveOriginal, run: Run) -> Result<(), Failure> {
    let archived = Zone::Archive.key_like(&job.key);
    // The same bytes may be another track's, or this one's again.
    let is_used = OwnTrack::uses(&mut *platform.db.conn().await?, &job.key).await?;
    if !is_used {
        platform.storage.copy(&job.key, &archived).await?;
    }
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            if is_used {
                return Ok(());
            }
            platform.storage.record_copy(conn, &job.key, &archived, Zone::Archive).await?;
            discard::enqueue(conn, vec![job.key.clone()]).await
        })
        .await?;
    Ok(())
}
