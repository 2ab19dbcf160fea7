//! When a file cannot be used: the track says why, and the original goes to `quarantine/`.

use super::progress;
use crate::artists::own_track::OwnTrack;
use crate::artists::quarantine;
use crate::artists::stage::{Stage, StageState, Step};
use crate::artists::track::TrackProblem;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::id::TrackId;
use crate::platform::jobs::Run;
use crate::platform::outbox;

/// Rejects a track for a reason that lies in its file, and ends the job.
pub(super) async fn reject(
    platform: &Platform,
    track: TrackId,
    step: Step,
    problem: &TrackProblem,
    run: &Run,
) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            let Some(track) = OwnTrack::lock(conn, track).await? else { return Ok(()) };
            mark(conn, &track, step, problem, run.attempt()).await
        })
        .await
}

/// Rejects a track whose step failed on every attempt, in the transaction that buries the job.
pub(super) async fn give_up(conn: &mut Conn, track: TrackId, step: Step, attempts: i16) -> Result<()> {
    let Some(track) = OwnTrack::lock(conn, track).await? else { return Ok(()) };
    let problem = TrackProblem {
        slug: "processing_failed".to_owned(),
        message: "The file could not be processed, although we tried several times. Export it again, as WAV or FLAC, \
                  and upload that; if it happens again, tell the people who run this server."
            .to_owned(),
    };
    mark(conn, &track, step, &problem, attempts).await
}

async fn mark(conn: &mut Conn, track: &OwnTrack, step: Step, problem: &TrackProblem, attempt: i16) -> Result<()> {
    Stage::update(conn, track.id, step, StageState::Failed, 100, attempt).await?;
    track.reject(conn, problem).await?;
    quarantine::enqueue(conn, track.id).await?;
    progress::tell_rejected(conn, track, step, problem).await?;
    let reason = problem.slug.clone();
    outbox::record(conn, &Event::TrackRejected { track: track.id, release: track.release, reason }).await
}
