//! Who watches a track's chain, and what they are told: stage and percent, in the table and live.

use std::convert::Infallible;
use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::artists::artist::Artist;
use crate::artists::own_track::OwnTrack;
use crate::artists::stage::{Stage, Step};
use crate::artists::track::{TrackProblem, TrackState};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::TrackId;
use crate::platform::jobs::Run;
use crate::platform::live::{self, Message};

/// The names of the live events.
pub(crate) const EVENT: &str = "track.progress";
pub(crate) const DELETED: &str = "track.deleted";

/// Percent is told this often, at the most.
const PAUSE: Duration = Duration::from_millis(250);

/// Where a track's chain stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TrackProgress {
    pub(crate) track_id: TrackId,
    pub(crate) state: TrackState,
    pub(crate) stage: Step,
    pub(crate) percent: u8,
    pub(crate) attempt: i16,
    pub(crate) problem: Option<TrackProblem>,
}

/// The members of a track's artist, and whoever asked for this very track.
pub(super) struct Audience {
    platform: Platform,
    run: Run,
    track: TrackId,
    step: Step,
    channels: Vec<String>,
}

impl Audience {
    pub(super) async fn of(platform: &Platform, track: &OwnTrack, step: Step, run: &Run) -> Result<Self> {
        let channels = channels(&mut *platform.db.conn().await?, track).await?;
        Ok(Self { platform: platform.clone(), run: run.clone(), track: track.id, step, channels })
    }

    /// Tells how far the step is. What nothing depends on must not fail the step: faults are logged.
    pub(super) async fn tell(&self, percent: u8) {
        self.run.progress(percent).await;
        if let Err(error) = self.try_tell(percent).await {
            tracing::warn!(%error, "progress was not told");
        }
    }

    /// Tells each new percent, for as long as it is polled.
    pub(super) async fn follow(&self, mut percent: watch::Receiver<u8>) -> Infallible {
        loop {
            if percent.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
            let now = *percent.borrow_and_update();
            self.tell(now).await;
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn try_tell(&self, percent: u8) -> Result<()> {
        let attempt = self.run.attempt();
        let mut conn = self.platform.db.conn().await?;
        Stage::move_on(&mut conn, self.track, self.step, percent, attempt).await?;
        let progress = progress(self.track, self.step, TrackState::Processing, percent, attempt, None);
        live::mention(&mut conn, self.channels.clone(), message(&progress)).await
    }
}

/// Tells, with the caller's commit, that a step is done, or that the whole chain came to its end.
pub(super) async fn tell_done(conn: &mut Conn, track: &OwnTrack, step: Step, attempt: i16) -> Result<()> {
    let state = if step.next().is_none() { TrackState::Ready } else { TrackState::Processing };
    tell(conn, track, &progress(track.id, step, state, 100, attempt, None)).await
}

/// Tells, with the caller's commit, that the file cannot be used.
pub(super) async fn tell_rejected(conn: &mut Conn, track: &OwnTrack, step: Step, problem: &TrackProblem) -> Result<()> {
    tell(conn, track, &progress(track.id, step, TrackState::Rejected, 100, 0, Some(problem.clone()))).await
}

/// Tells, with the caller's commit, that there is nothing to wait for any more.
pub(in crate::artists) async fn tell_deleted(conn: &mut Conn, track: &OwnTrack) -> Result<()> {
    let channels = channels(conn, track).await?;
    let message = Message { event: DELETED.to_owned(), id: None, data: json!({ "track_id": track.id }) };
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

fn progress(
    track: TrackId,
    step: Step,
    state: TrackState,
    percent: u8,
    attempt: i16,
    problem: Option<TrackProblem>,
) -> TrackProgress {
    TrackProgress { track_id: track, state, stage: step, percent, attempt, problem }
}

fn message(progress: &TrackProgress) -> Message {
    Message { event: EVENT.to_owned(), id: None, data: json!(progress) }
}
