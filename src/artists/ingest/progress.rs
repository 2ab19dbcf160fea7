//! Who watches a track's chain, and what they are told: stage and percent, in the table and live.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use tokio::sync::watch;
use utoipa::ToSchema;

use super::{Ingest, estimate};
use crate::artists::artist::Artist;
use crate::artists::chain::Chain;
use crate::artists::own_track::OwnTrack;
use crate::artists::stage::{StageRow, Step};
use crate::artists::track::{TrackProblem, TrackState};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{ArtistId, TrackId};
use crate::platform::jobs::{Job, Run};
use crate::platform::live::{self, Message};
use crate::platform::sandbox::Failure;

/// The names of the live events.
pub(crate) const EVENT: &str = "track.progress";
pub(crate) const DELETED: &str = "track.deleted";
/// Who acts for the artist has changed: whoever still does asks again.
pub(crate) const PEOPLE_CHANGED: &str = "people.changed";

/// Percent is told this often, at the most.
const PAUSE: Duration = Duration::from_millis(250);

/// Where a track's chain stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TrackProgress {
    pub(crate) track_id: TrackId,
    pub(crate) state: TrackState,
    /// False once the chain has come to its end, however.
    pub(crate) under_way: bool,
    pub(crate) stage: Step,
    pub(crate) percent: u8,
    pub(crate) attempt: i16,
    pub(crate) max_attempts: i16,
    /// Why the step failed; while it is tried again, what stopped its last attempt.
    pub(crate) problem: Option<TrackProblem>,
    /// Milliseconds until the whole chain will probably be done; null while nobody can know.
    pub(crate) remaining_ms: Option<i64>,
}

/// The members of a track's artist, and whoever asked for this very track.
pub(super) struct Audience {
    platform: Platform,
    run: Run,
    track: OwnTrack,
    step: Step,
}

impl Audience {
    pub(super) fn of(platform: &Platform, track: &OwnTrack, step: Step, run: &Run) -> Self {
        Self { platform: platform.clone(), run: run.clone(), track: track.clone(), step }
    }

    /// Tells how far the step is. What nothing depends on must not fail the step: faults are logged. False when the step
    /// was stopped, or is another attempt's.
    pub(super) async fn tell(&self, percent: u8) -> bool {
        self.run.progress(percent).await;
        match self.try_tell(percent).await {
            Ok(is_ours) => is_ours,
            Err(error) => {
                tracing::warn!(%error, "progress was not told");
                true
            }
        }
    }

    /// Tells each new percent, until the step was stopped or is another attempt's.
    pub(super) async fn follow(&self, mut percent: watch::Receiver<u8>) {
        loop {
            if percent.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
            let now = *percent.borrow_and_update();
            if !self.tell(now).await {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn try_tell(&self, percent: u8) -> Result<bool> {
        let attempt = self.run.attempt();
        let mut conn = self.platform.db.conn().await?;
        if !StageRow::move_on(&mut conn, self.track.id, self.step, percent, attempt).await? {
            return Ok(false);
        }
        let remaining_ms = estimate(&mut conn, &[self.track.id]).await?.of_chain(self.track.id);
        let progress = TrackProgress { percent, remaining_ms, ..TrackProgress::now(&self.track, self.step, attempt) };
        // Whoever has left the artist meanwhile hears no more of it.
        let channels = channels(&mut conn, &self.track).await?;
        live::mention(&mut conn, channels, message(&progress)).await?;
        Ok(true)
    }
}

impl TrackProgress {
    /// At the beginning of a step.
    fn now(track: &OwnTrack, stage: Step, attempt: i16) -> Self {
        Self {
            track_id: track.id,
            state: track.state,
            under_way: true,
            stage,
            percent: 0,
            attempt,
            max_attempts: Ingest::MAX_ATTEMPTS.max(attempt),
            problem: None,
            remaining_ms: None,
        }
    }
}

/// Tells, with the caller's commit, that a step is done, or that the whole chain came to its end.
pub(super) async fn tell_done(conn: &mut Conn, track: &OwnTrack, step: Step, attempt: i16) -> Result<()> {
    let under_way = step.next().is_some();
    let is_ready = !under_way && track.state == TrackState::Processing;
    let state = if is_ready { TrackState::Ready } else { track.state };
    let remaining_ms = estimate(conn, &[track.id]).await?.of_chain(track.id);
    let done =
        TrackProgress { state, under_way, percent: 100, remaining_ms, ..TrackProgress::now(track, step, attempt) };
    tell(conn, track, &done).await
}

/// Tells, with the caller's commit, that a step failed for good, and what state that leaves the track in.
pub(super) async fn tell_failed(
    conn: &mut Conn,
    track: &OwnTrack,
    state: TrackState,
    step: Step,
    problem: &TrackProblem,
) -> Result<()> {
    let problem = Some(problem.clone());
    let failed = TrackProgress { state, under_way: false, percent: 100, problem, ..TrackProgress::now(track, step, 0) };
    tell(conn, track, &failed).await
}

/// Tells, with the caller's commit, that the chain was stopped, and what state that leaves the track in.
pub(in crate::artists) async fn tell_stopped(conn: &mut Conn, track: &OwnTrack, state: TrackState) -> Result<()> {
    let step = StageRow::first_open(conn, track.id).await?.unwrap_or(Step::Probe);
    let stopped = TrackProgress { state, under_way: false, ..TrackProgress::now(track, step, 0) };
    tell(conn, track, &stopped).await
}

/// Tells, with the caller's commit, that a chain begins anew at a step.
pub(super) async fn tell_begun(conn: &mut Conn, track: &OwnTrack, state: TrackState, step: Step) -> Result<()> {
    tell(conn, track, &TrackProgress { state, ..TrackProgress::now(track, step, 0) }).await
}

/// Notes and tells, with the caller's commit, that a step waits until the server is well again, and for what.
pub(super) async fn tell_waiting(conn: &mut Conn, track: &OwnTrack, job: &Ingest, why: &Error) -> Result<()> {
    let (slug, message) = match why {
        Error::Refused(Code::StorageFull) => {
            ("storage_full", "The server's disk is full; it goes on as soon as there is room.")
        }
        _ => ("storage_away", "The server cannot reach its storage; it goes on as soon as it can."),
    };
    let problem = TrackProblem { slug: slug.to_owned(), message: message.to_owned() };
    StageRow::reset_from(conn, track.id, job.step, Some(&problem)).await?;
    tell(conn, track, &TrackProgress { problem: Some(problem), ..TrackProgress::now(track, job.step, 0) }).await
}

/// Notes and tells that an attempt failed and will be followed by another one. Nothing depends on it: faults are logged.
pub(super) async fn stumble(platform: &Platform, job: &Ingest, run: &Run, error: &Error) {
    if run.attempt() >= run.max_attempts() {
        return;
    }
    if let Err(error) = try_to_stumble(platform, job, run, error).await {
        tracing::warn!(%error, "a failed attempt was not told");
    }
}

async fn try_to_stumble(platform: &Platform, job: &Ingest, run: &Run, error: &Error) -> Result<()> {
    let mut conn = platform.db.conn().await?;
    let Some(track) = super::find(&mut conn, job).await? else { return Ok(()) };
    let problem = hitch(error);
    if StageRow::stumble(&mut conn, track.id, job.step, run.attempt(), &problem).await? {
        let stumbled = TrackProgress { problem: Some(problem), ..TrackProgress::now(&track, job.step, run.attempt()) };
        tell(&mut conn, &track, &stumbled).await?;
    }
    Ok(())
}

/// What stopped an attempt, in words for the artist: what exactly it was is in the log.
fn hitch(error: &Error) -> TrackProblem {
    let failure = match error {
        Error::Internal(cause) => cause.downcast_ref::<Failure>(),
        _ => None,
    };
    let (slug, message) = match failure {
        Some(Failure::TimedOut) => ("took_too_long", "It took too long; it is tried again."),
        Some(_) => ("crashed", "The program failed on this file; it is tried again."),
        None => ("server_problem", "The server had a problem of its own; it is tried again."),
    };
    TrackProblem { slug: slug.to_owned(), message: message.to_owned() }
}

/// Tells, with the caller's commit, that there is nothing to wait for any more.
pub(in crate::artists) async fn tell_deleted(conn: &mut Conn, track: &OwnTrack) -> Result<()> {
    let channels = channels(conn, track).await?;
    let message = Message { event: DELETED.to_owned(), id: None, data: json!({ "track_id": track.id }) };
    live::tell(conn, channels, message).await
}

/// Ends, with the caller's commit, the streams of an artist's tracks, and of those of the artists that a label manages: who acts
/// for them is not the same any more.
pub(in crate::artists) async fn end_streams(conn: &mut Conn, artist: ArtistId) -> Result<()> {
    let tracks = Chain::tracks_of(conn, artist).await?;
    let channels = tracks.into_iter().map(|track| format!("track:{track}")).collect();
    let message = Message { event: PEOPLE_CHANGED.to_owned(), id: None, data: json!({}) };
    live::tell(conn, channels, message).await
}

async fn tell(conn: &mut Conn, track: &OwnTrack, progress: &TrackProgress) -> Result<()> {
    let channels = channels(conn, track).await?;
    live::tell(conn, channels, message(progress)).await
}

async fn channels(conn: &mut Conn, track: &OwnTrack) -> Result<Vec<String>> {
    let members = Artist::members(conn, track.artist).await?;
    let accounts = members.iter().map(|member| format!("account:{member}"));
    Ok(accounts.chain([format!("track:{}", track.id)]).collect())
}

fn message(progress: &TrackProgress) -> Message {
    Message { event: EVENT.to_owned(), id: None, data: json!(progress) }
}
