//! The stages of a track's chain, as the artist sees them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::schema::stages;
use crate::platform::db::{Conn, named};
use crate::platform::error::Result;
use crate::platform::id::TrackId;

named! {
    /// A step of the chain, in its order.
    pub(crate) enum Step {
        Probe = "probe",
        Render = "render",
        Package = "package",
    }
}

named! {
    /// Where a step of the chain stands.
    pub(crate) enum StageState {
        Waiting = "waiting",
        Running = "running",
        Done = "done",
        Failed = "failed",
    }
}

impl Step {
    /// The step after this one; none after the last.
    pub(super) fn next(self) -> Option<Self> {
        match self {
            Self::Probe => Some(Self::Render),
            Self::Render => Some(Self::Package),
            Self::Package => None,
        }
    }
}

/// One step of a track's chain.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = stages)]
pub(crate) struct Stage {
    pub(crate) name: Step,
    pub(crate) state: StageState,
    pub(crate) percent: i16,
    pub(crate) attempt: i16,
}

impl Stage {
    /// All stages of a new track, waiting.
    pub(super) async fn insert_all(conn: &mut Conn, track: TrackId) -> Result<()> {
        let rows: Vec<_> = Step::ALL.iter().map(|step| (stages::track_id.eq(track), stages::name.eq(step))).collect();
        diesel::insert_into(stages::table).values(rows).execute(conn).await?;
        Ok(())
    }

    /// The stages of tracks, each track's in the order of the chain.
    pub(super) async fn list_of(conn: &mut Conn, tracks: &[TrackId]) -> Result<Vec<(TrackId, Self)>> {
        let mut list: Vec<(TrackId, Self)> = stages::table
            .filter(stages::track_id.eq_any(tracks))
            .select((stages::track_id, Self::as_select()))
            .load(conn)
            .await?;
        list.sort_by_key(|(_, stage)| Step::ALL.iter().position(|step| *step == stage.name));
        Ok(list)
    }

    /// Notes how far a running step is, unless a later attempt began or it came to its end.
    pub(super) async fn move_on(conn: &mut Conn, track: TrackId, step: Step, percent: u8, attempt: i16) -> Result<()> {
        let open = stages::table
            .find((track, step))
            .filter(stages::state.eq_any([StageState::Waiting, StageState::Running]))
            .filter(stages::attempt.le(attempt));
        diesel::update(open)
            .set((
                stages::state.eq(StageState::Running),
                stages::percent.eq(i16::from(percent.min(100))),
                stages::attempt.eq(attempt),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Makes all steps from this one on wait again.
    pub(super) async fn reset_from(conn: &mut Conn, track: TrackId, step: Step) -> Result<()> {
        let from = Step::ALL.iter().skip_while(|other| **other != step);
        let again = stages::table.filter(stages::track_id.eq(track)).filter(stages::name.eq_any(from));
        diesel::update(again)
            .set((stages::state.eq(StageState::Waiting), stages::percent.eq(0), stages::attempt.eq(0)))
            .execute(conn)
            .await?;
        Ok(())
    }

    pub(super) async fn update(
        conn: &mut Conn,
        track: TrackId,
        step: Step,
        state: StageState,
        percent: u8,
        attempt: i16,
    ) -> Result<()> {
        diesel::update(stages::table.find((track, step)))
            .set((
                stages::state.eq(state),
                stages::percent.eq(i16::from(percent.min(100))),
                stages::attempt.eq(attempt),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }
}
