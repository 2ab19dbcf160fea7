//! What is tried again comes back from `quarantine/` to `raw/`.

use super::{Ingest, lock};
use crate::artists::discard;
use crate::artists::own_track::OwnTrack;
use crate::artists::track::TrackProblem;
use crate::platform::Platform;
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Run;
use crate::platform::storage::Zone;

/// The track, its original in `raw/`; none when the original is gone for good. Copies first and lets go of the copy in
/// quarantine last: at every moment one of both is there.
pub(super) async fn run(platform: &Platform, job: &Ingest, track: OwnTrack, run: &Run) -> Result<Option<OwnTrack>> {
    let original = Zone::Raw.key_like(&track.source_key);
    if track.source_key == original {
        return Ok(Some(track));
    }
    if let Err(error) = platform.storage.copy(&track.source_key, &original).await {
        return match platform.storage.open(&track.source_key).await {
            Err(Error::NotFound(_)) => Ok(None),
            _ => Err(error),
        };
    }
    relocate(platform, job, &track, &original, run).await?;
    Ok(Some(OwnTrack { source_key: original, ..track }))
}

async fn relocate(platform: &Platform, job: &Ingest, track: &OwnTrack, original: &str, run: &Run) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            if let Some(track) = lock(conn, job).await? {
                track.relocate(conn, original).await?;
                platform.storage.record_copy(conn, &track.source_key, original, Zone::Raw).await?;
            }
            // The same bytes may be in quarantine for another track.
            discard::enqueue(conn, vec![track.source_key.clone(), original.to_owned()]).await
        })
        .await
}

pub(super) fn gone() -> TrackProblem {
    TrackProblem {
        slug: "original_gone".to_owned(),
        message: "The file was rejected so long ago that it is not kept any more. Upload it again.".to_owned(),
    }
}
