//! Begin a track's chain once more: because somebody asked, or because the engine or the ladder is another one.

use super::progress;
use super::{Ingest, enqueue};
use crate::artists::analysis::Analysis;
use crate::artists::chain::Chain;
use crate::artists::own_track::OwnTrack;
use crate::artists::stage::{StageRow, Step};
use crate::artists::track::TrackState;
use crate::platform::db::Conn;
use crate::platform::error::Result;

/// How a chain is to run.
#[derive(Debug, Clone, Copy)]
pub(in crate::artists) struct Manner {
    /// The step to begin with; `None` is the one that failed or was stopped, or else the first. A step before it that was
    /// never done comes first all the same.
    pub(in crate::artists) from: Option<Step>,
    /// Nobody waits for it.
    pub(in crate::artists) in_background: bool,
}

/// Begins the chain of a track that the caller's transaction holds; false where one is under way. A track that can be
/// played stays so, with what it has; any other one is being processed again.
pub(in crate::artists) async fn restart(conn: &mut Conn, track: &OwnTrack, manner: Manner) -> Result<bool> {
    let Some(chain) = Chain::begin(conn, track.id, manner.in_background).await? else { return Ok(false) };
    let open = StageRow::first_open(conn, track.id).await?;
    let step = [manner.from, open].into_iter().flatten().min_by_key(|step| step.place()).unwrap_or(Step::Probe);
    if let Some(length) = Analysis::duration_ms(conn, track.id).await? {
        Chain::measure(conn, track.id, length).await?;
    }
    StageRow::reset_from(conn, track.id, step, None).await?;
    let state = match track.state {
        TrackState::Processing | TrackState::Rejected | TrackState::Cancelled => TrackState::Processing,
        playable => playable,
    };
    track.turn(conn, state).await?;
    progress::tell_begun(conn, track, state, step).await?;
    let job = Ingest { track: track.id, chain: Some(chain), step, staging: None, in_background: manner.in_background };
    enqueue(conn, job, None).await?;
    Ok(true)
}
