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
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TrackId};
use crate::platform::jobs::Run;
use crate::platform::live::{self, Message};

/// The name of the live event.
pub(crate) const EVENT: &str = "track.progress";

/// Percent is told this often, at the most.
const PAUSE: Duration = Duration::from_millis(250);

/// Where a track's chain stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TrackProgress {
    pub(crate) track_id: TrackId,
    pub(crate) state: TrackState,
    /// `probe`, `render` or `package`.
    pub(crate) stage: String,
    pub(crate) percent: u8,
    pub(crate) attempt: i16,
    pub(crate) problem: Option<TrackProblem>,
}

/// The members of a track's artist, and whoever asked for this very track.
pub(super) struct Audience {
    platform: Platform,
    track: TrackId,
    step: Step,
    attempt: i16,
    members: Vec<AccountId>,
}

impl Audience {
    pub(super) async fn of(platform: &Platform, track: &OwnTrack, step: Step, run: &Run) -> Result<Self> {
        let members = Artist::members(&mut *platform.db.conn().await?, track.artist).await?;
        Ok(Self { platform: platform.clone(), track: track.id, step, attempt: run.attempt(), members })
    }

    /// Tells how far the step is. What nothing depends on must not fail the step: faults are logged.
    pub(super) async fn tell(&self, state: &str, percent: u8) {
        let is_ready = state == "done" && self.step.next().is_none();
        let track = if is_ready { TrackState::Ready } else { TrackState::Processing };
        self.send(Some(state), self.progress(track, percent, None)).await;
    }

    pub(super) async fn tell_rejected(&self, problem: &TrackProblem) {
        self.send(None, self.progress(TrackState::Rejected, 100, Some(problem.clone()))).await;
    }

    /// Tells each new percent, for as long as it is polled.
    pub(super) async fn follow(&self, mut percent: watch::Receiver<u8>) -> Infallible {
        loop {
            if percent.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
            let now = *percent.borrow_and_update();
            self.tell("running", now).await;
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn progress(&self, state: TrackState, percent: u8, problem: Option<TrackProblem>) -> TrackProgress {
        let stage = self.step.name().to_owned();
        TrackProgress { track_id: self.track, state, stage, percent, attempt: self.attempt, problem }
    }

    async fn send(&self, state: Option<&str>, progress: TrackProgress) {
        if let Err(error) = self.try_send(state, progress).await {
            tracing::warn!(%error, "progress was not told");
        }
    }

    async fn try_send(&self, state: Option<&str>, progress: TrackProgress) -> Result<()> {
        let mut conn = self.platform.db.conn().await?;
        if let Some(state @ "running") = state {
            Stage::update(&mut conn, self.track, self.step, state, progress.percent, self.attempt).await?;
        }
        let accounts = self.members.iter().map(|member| format!("account:{member}"));
        let channels = accounts.chain([format!("track:{}", self.track)]).collect();
        let message = Message { event: EVENT.to_owned(), id: None, data: json!(progress) };
        live::mention(&mut conn, &self.platform.broadcast, channels, message).await
    }
}
