//! The chain from an upload to something playable:
//!
//! ```text
//! upload ─ probe ─▶ render ─▶ package ─▶ ready
//!            │         │          │
//!            └─────────┴──────────┴──▶ rejected, in quarantine, with a reason that the artist understands
//! ```
//!
//! One job a step, under the key `ingest:<chain>:<step>`. A step's transaction writes its result, enqueues the next step
//! and ends the job, all at once; so a step may run twice and takes effect once. A step whose recipe is that of the
//! result that is there already makes nothing. A track that is ready plays on with what it has until the last step
//! puts new renditions in their place.

mod child;
mod estimate;
mod means;
mod on_the_fly;
mod package;
mod probe;
pub(super) mod progress;
mod reject;
mod render;
mod restart;
mod restore;
mod sandboxed;
mod verdict;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub(crate) use child::{PROBE, RENDER, STREAM};
pub(super) use estimate::{Estimate, estimate};
pub(crate) use on_the_fly::{StreamWish, TrackStream, stream_track};
pub(super) use probe::tags;
pub(super) use restart::{Manner, restart};

use super::chain::Chain;
use super::own_track::OwnTrack;
use super::replacing;
use super::stage::{StageRow, Step};
use super::track::TrackProblem;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::event::Event;
use crate::platform::id::{ChainId, TrackId};
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::outbox;

/// How long a step waits for room on a full disk, or for a store that does not answer.
const UNTIL_ROOM: TimeDelta = TimeDelta::seconds(30);

/// How far behind uploads a job stands for which nobody waits.
const BACKGROUND: i16 = -10;

/// One step of a track's chain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ingest {
    track: TrackId,
    /// Absent in jobs of earlier versions.
    #[serde(default)]
    chain: Option<ChainId>,
    step: Step,
    /// What the step before left in `staging/`.
    staging: Option<String>,
    #[serde(default)]
    in_background: bool,
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
    StageRow::insert_all(conn, track).await?;
    let chain = Chain::begin(conn, track, false).await?;
    enqueue(conn, Ingest { track, chain, step: Step::Probe, staging: None, in_background: false }, None).await
}

/// Stops the long steps of a track's chain. The last one is short: it finds the chain gone, and clears `staging/`.
pub(super) async fn cancel(conn: &mut Conn, track: TrackId) -> Result<()> {
    let Some(chain) = Chain::find(conn, track).await? else { return Ok(()) };
    for step in [Step::Probe, Step::Render] {
        jobs::cancel_by_key(conn, &key(track, Some(chain.id), step)).await?;
    }
    Ok(())
}

/// Runs one step.
pub(crate) async fn run(platform: Platform, job: Ingest, run: Run) -> Result<(), Failure> {
    let Some(track) = find(&mut *platform.db.conn().await?, &job).await? else {
        clear(&platform, &job);
        return Ok(());
    };
    match take(&platform, &job, track, &run).await {
        Ok(Outcome::Settled) => {}
        Ok(Outcome::Rejected(problem)) => reject::reject(&platform, &job, &problem, &run).await?,
        Err(error @ (Error::Refused(Code::StorageFull) | Error::Unavailable)) => {
            postpone(&platform, job, &run, &error).await?;
        }
        Err(error) => {
            progress::stumble(&platform, &job, &run, &error).await;
            return Err(error.into());
        }
    }
    Ok(())
}

async fn take(platform: &Platform, job: &Ingest, track: OwnTrack, run: &Run) -> Result<Outcome> {
    let audience = progress::Audience::of(platform, &track, job.step, run);
    audience.tell(0).await;
    let Some(track) = restore::run(platform, job, track, run).await? else {
        return Ok(Outcome::Rejected(restore::gone()));
    };
    match job.step {
        Step::Probe => probe::run(platform, job, &track, run).await,
        Step::Render => render::run(platform, job, &track, run, &audience).await,
        Step::Package => package::run(platform, job, run).await,
    }
}

/// The job's track, while its chain is the job's.
async fn find(conn: &mut Conn, job: &Ingest) -> Result<Option<OwnTrack>> {
    let Some(track) = OwnTrack::find(conn, job.track).await? else { return Ok(None) };
    if !is_under_way(conn, job).await? {
        return Ok(None);
    }
    replacing::with_new_file(conn, track).await.map(Some)
}

/// The same, locked: the job before the track, as everybody who holds both does.
async fn lock(conn: &mut Conn, job: &Ingest) -> Result<Option<OwnTrack>> {
    let Some(track) = OwnTrack::lock(conn, job.track).await? else { return Ok(None) };
    if !is_under_way(conn, job).await? {
        return Ok(None);
    }
    replacing::with_new_file(conn, track).await.map(Some)
}

async fn is_under_way(conn: &mut Conn, job: &Ingest) -> Result<bool> {
    let chain = Chain::find(conn, job.track).await?;
    Ok(chain.is_some_and(|chain| job.chain.is_none_or(|id| id == chain.id)))
}

// What an earlier step left for a chain that was stopped meanwhile.
fn clear(platform: &Platform, job: &Ingest) {
    drop(job.staging.as_deref().and_then(|name| platform.storage.find_scratch(name)));
}

/// After the last attempt of a step, in the transaction that buries its job.
pub(crate) async fn on_dead(conn: &mut Conn, job: Ingest, _: String) -> Result<()> {
    reject::give_up(conn, &job).await
}

/// The end of a step that went well: enqueues the next one, or makes the track ready.
async fn advance(
    conn: &mut Conn,
    job: &Ingest,
    track: &OwnTrack,
    staging: Option<String>,
    made: Made<'_>,
) -> Result<()> {
    made.run.complete(conn).await?;
    finish(conn, track, job.step, &made).await?;
    match job.step.next() {
        Some(next) => {
            let chain = Ingest { step: next, staging, ..job.clone() };
            enqueue(conn, chain, None).await
        }
        None => make_ready(conn, track).await,
    }
}

/// What a step did.
#[derive(Clone, Copy)]
struct Made<'a> {
    run: &'a Run,
    /// The hash of what its result was made of.
    inputs: &'a [u8],
    /// Whether it did the whole work, so that its time says how fast this machine is.
    is_whole: bool,
}

async fn finish(conn: &mut Conn, track: &OwnTrack, step: Step, made: &Made<'_>) -> Result<()> {
    if made.is_whole {
        estimate::learn(conn, track.id, step).await?;
    }
    StageRow::finish(conn, track.id, step, made.run.attempt(), made.inputs).await?;
    progress::tell_done(conn, track, step, made.run.attempt()).await
}

async fn make_ready(conn: &mut Conn, track: &OwnTrack) -> Result<()> {
    Chain::end(conn, track.id).await?;
    replacing::settle(conn, track.id).await?;
    track.make_ready(conn).await?;
    outbox::record(conn, &Event::TrackReady { track: track.id, release: track.release }).await
}

// A full disk, and a store that is away, is nobody's fault and costs no attempt: the step waits until it is mended.
async fn postpone(platform: &Platform, job: Ingest, run: &Run, why: &Error) -> Result<()> {
    let later = platform.clock.now() + UNTIL_ROOM;
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            let Some(track) = lock(conn, &job).await? else { return Ok(()) };
            progress::tell_waiting(conn, &track, &job, why).await?;
            enqueue(conn, job.clone(), Some(later)).await
        })
        .await
}

async fn enqueue(conn: &mut Conn, job: Ingest, at: Option<DateTime<Utc>>) -> Result<()> {
    let priority = priority(job.step) + if job.in_background { BACKGROUND } else { 0 };
    let key = key(job.track, job.chain, job.step);
    let mut new = jobs::new(job).key(key).priority(priority);
    if let Some(at) = at {
        new = new.at(at);
    }
    new.enqueue(conn).await?;
    Ok(())
}

// What is nearly done goes first: an artist sees one track ready, not ten half done. A look at a file is short, and says
// at once whether it can be used, and how long it is; so it comes before the long work on others.
fn priority(step: Step) -> i16 {
    match step {
        Step::Render => 0,
        Step::Probe => 1,
        Step::Package => 2,
    }
}

fn key(track: TrackId, chain: Option<ChainId>, step: Step) -> String {
    match chain {
        Some(chain) => format!("ingest:{chain}:{}", step.name()),
        None => format!("ingest:{track}:{}", step.name()),
    }
}
