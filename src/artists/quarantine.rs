//! Move a rejected track's original from `raw/` to `quarantine/`, where moderators and engineers find it.

use serde::{Deserialize, Serialize};

use super::discard;
use super::own_track::OwnTrack;
use super::track::TrackState;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::TrackId;
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::storage::Zone;

/// One rejected track.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Quarantine {
    track: TrackId,
}

impl Job for Quarantine {
    const KIND: &'static str = "artists.quarantine";
    const QUEUE: &'static str = "ingest";
    /// Nothing is wrong with a job like this but the disk, and that comes back.
    const MAX_ATTEMPTS: i16 = 20;
}

/// In a transaction that tries again with a rejected track, before it locks the track.
pub(super) async fn cancel(conn: &mut Conn, track: TrackId) -> Result<()> {
    jobs::cancel_by_key(conn, &key(track)).await.map(drop)
}

fn key(track: TrackId) -> String {
    format!("quarantine:{track}")
}

/// In the transaction that rejects the track.
pub(super) async fn enqueue(conn: &mut Conn, track: TrackId) -> Result<()> {
    jobs::new(Quarantine { track }).key(key(track)).enqueue(conn).await?;
    Ok(())
}

/// Copies first and lets go of the original last: at every moment one of both is there.
pub(crate) async fn run(platform: Platform, job: Quarantine, run: Run) -> Result<(), Failure> {
    let Some(track) = OwnTrack::find(&mut *platform.db.conn().await?, job.track).await? else { return Ok(()) };
    if track.state != TrackState::Rejected {
        return Ok(());
    }
    let (original, quarantined) = (Zone::Raw.key_like(&track.source_key), Zone::Quarantine.key_like(&track.source_key));
    if track.source_key == original {
        platform.storage.copy(&original, &quarantined).await?;
    }
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            // Its artist may be trying again meanwhile: then the original stays where it is.
            let track = OwnTrack::lock(conn, job.track).await?;
            if track.as_ref().is_some_and(|track| track.state != TrackState::Rejected) {
                return discard::enqueue(conn, vec![quarantined.clone()]).await;
            }
            if let Some(track) = track {
                track.relocate(conn, &quarantined).await?;
                platform.storage.record_copy(conn, &original, &quarantined, Zone::Quarantine).await?;
            }
            // Others may have uploaded the same bytes, or the track is gone: what nobody names any more goes away.
            discard::enqueue(conn, vec![original.clone(), quarantined.clone()]).await
        })
        .await?;
    Ok(())
}
