//! The stages of a track's chain, as the artist sees them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::stages;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::TrackId;

/// A step of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    Probe,
    Render,
    Package,
}

impl Step {
    pub(super) const ALL: [Self; 3] = [Self::Probe, Self::Render, Self::Package];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Render => "render",
            Self::Package => "package",
        }
    }

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
    /// `probe`, `render` or `package`.
    pub(crate) name: String,
    /// `waiting`, `running`, `done` or `failed`.
    pub(crate) state: String,
    pub(crate) percent: i16,
    pub(crate) attempt: i16,
}

impl Stage {
    /// All stages of a new track, waiting.
    pub(super) async fn insert_all(conn: &mut Conn, track: TrackId) -> Result<()> {
        let rows: Vec<_> =
            Step::ALL.iter().map(|step| (stages::track_id.eq(track), stages::name.eq(step.name()))).collect();
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
        list.sort_by_key(|(_, stage)| Step::ALL.iter().position(|step| step.name() == stage.name));
        Ok(list)
    }

    pub(super) async fn update(
        conn: &mut Conn,
        track: TrackId,
        step: Step,
        state: &str,
        percent: u8,
        attempt: i16,
    ) -> Result<()> {
        diesel::update(stages::table.find((track, step.name())))
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
