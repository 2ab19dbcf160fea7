//! The chain from an upload to something playable:
//!
//! ```text
//! upload ─ probe ─▶ render ─▶ package ─▶ ready
//!            │         │          │
//!            └─────────┴──────────┴──▶ rejected, in quarantine, with a reason that the artist understands
//! ```
//!
//! One job a step, under the key `ingest:<track>:<step>`. A step's transaction writes its result, enqueues the next step
//! and ends the job, all at once; so a step may run twice and takes effect once.

mod child;
mod package;
mod probe;
pub(super) mod progress;
mod reject;
mod render;
mod sandboxed;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub(crate) use child::{PROBE, RENDER};

use super::own_track::OwnTrack;
use super::stage::{Stage, StageState, Step};
use super::track::TrackProblem;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::event::Event;
use crate::platform::id::TrackId;
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::{outbox, sandbox, storage};

/// How long a step waits for room on a full disk.
const UNTIL_ROOM: TimeDelta = TimeDelta::seconds(30);

/// One step of a track's chain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ingest {
    track: TrackId,
    step: Step,
    /// What the step before left in `staging/`.
    staging: Option<String>,
}

impl Job for Ingest {
    const KIND: &'static str = "artists.ingest";
    const QUEUE: &'static str = "ingest";
    const MAX_ATTEMPTS: i16 = 4;
}

/// What came of a step.
enum Outcome {
    /// Its transaction said all that follows.
    Settled,
    /// The file cannot be used.
    Rejected(TrackProblem),
}

/// Starts the chain of a new track, in the transaction that adds it.
pub(super) async fn start(conn: &mut Conn, track: TrackId) -> Result<()> {
    Stage::insert_all(conn, track).await?;
    enqueue(conn, Ingest { track, step: Step::Probe, staging: None }, None).await
}

/// Stops the long steps of a track's chain. The last one is short: it finds the track gone, and clears `staging/`.
pub(super) async fn cancel(conn: &mut Conn, track: TrackId) -> Result<()> {
    for step in [Step::Probe, Step::Render] {
        jobs::cancel_by_key(conn, &key(track, step)).await?;
    }
    Ok(())
}

/// Runs one step.
pub(crate) async fn run(platform: Platform, job: Ingest, run: Run) -> Result<(), Failure> {
    let Some(track) = OwnTrack::find(&mut *platform.db.conn().await?, job.track).await? else {
        clear(&platform, &job);
        return Ok(());
    };
    let audience = progress::Audience::of(&platform, &track, job.step, &run).await?;
    audience.tell(0).await;
    let outcome = match job.step {
        Step::Probe => probe::run(&platform, &track, &run).await,
        Step::Render => render::run(&platform, &track, &run, &audience).await,
        Step::Package => package::run(&platform, &track, &run, job.staging.as_deref()).await,
    };
    match outcome {
        Ok(Outcome::Settled) => {}
        Ok(Outcome::Rejected(problem)) => reject::reject(&platform, job.track, job.step, &problem, &run).await?,
        Err(Error::Refused(Code::StorageFull)) => postpone(&platform, job, &run).await?,
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

// What an earlier step left for a track that was deleted meanwhile.
fn clear(platform: &Platform, job: &Ingest) {
    drop(job.staging.as_deref().and_then(|name| platform.storage.find_scratch(name)));
}

/// After the last attempt of a step, in the transaction that buries its job.
pub(crate) async fn on_dead(conn: &mut Conn, job: Ingest, _: String) -> Result<()> {
    reject::give_up(conn, job.track, job.step, Ingest::MAX_ATTEMPTS).await
}

/// The end of a step that went well: enqueues the next one, or makes the track ready.
async fn advance(conn: &mut Conn, track: &OwnTrack, step: Step, staging: Option<String>, run: &Run) -> Result<()> {
    run.complete(conn).await?;
    Stage::update(conn, track.id, step, StageState::Done, 100, run.attempt()).await?;
    progress::tell_done(conn, track, step, run.attempt()).await?;
    match step.next() {
        Some(next) => enqueue(conn, Ingest { track: track.id, step: next, staging }, None).await,
        None => {
            track.make_ready(conn).await?;
            outbox::record(conn, &Event::TrackReady { track: track.id, release: track.release }).await
        }
    }
}

// A full disk is nobody's fault and costs no attempt: the step waits until somebody made room.
async fn postpone(platform: &Platform, job: Ingest, run: &Run) -> Result<()> {
    let later = platform.clock.now() + UNTIL_ROOM;
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            enqueue(conn, job.clone(), Some(later)).await
        })
        .await
}

async fn enqueue(conn: &mut Conn, job: Ingest, at: Option<DateTime<Utc>>) -> Result<()> {
    // What is nearly done goes first: an artist sees one track ready, not ten half done.
    let priority = Step::ALL.iter().position(|step| *step == job.step).unwrap_or(0);
    let key = key(job.track, job.step);
    let mut new = jobs::new(job).key(key).priority(i16::try_from(priority).unwrap_or(0));
    if let Some(at) = at {
        new = new.at(at);
    }
    new.enqueue(conn).await?;
    Ok(())
}

fn key(track: TrackId, step: Step) -> String {
    format!("ingest:{track}:{}", step.name())
}

/// What a sandboxed child's failure means for the step: a verdict on the file, or a reason to try again.
fn verdict(failure: sandbox::Failure) -> Result<TrackProblem> {
    match failure {
        sandbox::Failure::Refused(reason) => Ok(serde_json::from_value(reason).map_err(anyhow::Error::from)?),
        sandbox::Failure::Io(cause) if storage::is_full(cause.as_ref()) => Err(Error::Refused(Code::StorageFull)),
        sandbox::Failure::Io(cause) => Err(Error::Internal(cause)),
        other => Err(Error::Internal(anyhow::Error::new(other))),
    }
}
