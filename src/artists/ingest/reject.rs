//! When a file cannot be used: the track says why, and the original goes to `quarantine/`. A track that could be played
//! before plays on.

use super::{Ingest, lock, progress};
use crate::artists::chain::Chain;
use crate::artists::own_track::OwnTrack;
use crate::artists::quarantine;
use crate::artists::replacing;
use crate::artists::stage::{StageRow, Step};
use crate::artists::track::{TrackProblem, TrackState};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::jobs::{Job, Run};
use crate::platform::outbox;

/// Rejects a track for a reason that lies in its file, and ends the job.
pub(super) async fn reject(platform: &Platform, job: &Ingest, problem: &TrackProblem, run: &Run) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            let Some(track) = lock(conn, job).await? else { return Ok(()) };
            mark(conn, &track, job.step, problem, run.attempt()).await
        })
        .await
}

/// Rejects a track whose step failed on every attempt, in the transaction that buries the job.
pub(super) async fn give_up(conn: &mut Conn, job: &Ingest) -> Result<()> {
    let Some(track) = lock(conn, job).await? else { return Ok(()) };
    let problem = TrackProblem {
        slug: "processing_failed".to_owned(),
        message: "The file could not be processed, although we tried several times. Export it again, as WAV or FLAC, \
                  and upload that; if it happens again, tell the people who run this server."
            .to_owned(),
    };
    mark(conn, &track, job.step, &problem, Ingest::MAX_ATTEMPTS).await
}

async fn mark(conn: &mut Conn, track: &OwnTrack, step: Step, problem: &TrackProblem, attempt: i16) -> Result<()> {
    StageRow::fail(conn, track.id, step, attempt, problem).await?;
    Chain::end(conn, track.id).await?;
    if track.state != TrackState::Processing {
        // A file that was to take the place of the track's own is refused, and nothing else has happened.
        replacing::give_up(conn, track.id).await?;
        return progress::tell_failed(conn, track, track.state, step, problem).await;
    }
    track.reject(conn, problem).await?;
    quarantine::enqueue(conn, track.id).await?;
    progress::tell_failed(conn, track, TrackState::Rejected, step, problem).await?;
    let reason = problem.slug.clone();
    outbox::record(conn, &Event::TrackRejected { track: track.id, release: track.release, reason }).await
}
