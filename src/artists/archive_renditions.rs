//! Put superseded renditions into `archive/`, once nobody can have them open any more.

use std::time::Duration;

use super::discard;
use super::own_track::OwnTrack;
use super::rendition::Rendition;
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::grant::LIFETIME;
use crate::platform::storage::Zone;

/// They are looked for this often.
const EVERY: Duration = Duration::from_secs(600);

/// Façade: archives what was superseded, for as long as the process lives.
pub(crate) async fn archive_renditions(platform: Platform) {
    loop {
        match archive(&platform).await {
            Ok(0) => {}
            Ok(archived) => tracing::info!(archived, "superseded renditions archived"),
            Err(error) => tracing::warn!(%error, "archiving superseded renditions"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn archive(platform: &Platform) -> Result<usize> {
    let mut archived = 0;
    while archive_next(platform).await? {
        archived += 1;
    }
    Ok(archived)
}

// Who was granted a rendition before it was superseded may fetch it for as long as a grant lives.
async fn archive_next(platform: &Platform) -> Result<bool> {
    let before = platform.clock.now() - LIFETIME;
    platform
        .db
        .transaction(async |conn| {
            let Some(old) = Rendition::lock_superseded(conn, before).await? else { return Ok(false) };
            old.delete(conn).await?;
            // The same bytes may be offered still: of this track, made anew, or of another one.
            if !OwnTrack::uses(conn, &old.object_key).await? {
                let archived = Zone::Archive.key_like(&old.object_key);
                platform.storage.copy(&old.object_key, &archived).await?;
                platform.storage.record_copy(conn, &old.object_key, &archived, Zone::Archive).await?;
                discard::enqueue(conn, vec![old.object_key.clone()]).await?;
            }
            Ok(true)
        })
        .await
}
