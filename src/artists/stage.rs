//! The stages of a track's chain, as the artist sees them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::ingest::Ingest;
use super::schema::stages;
use super::track::TrackProblem;
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::TrackId;
use crate::platform::jobs::Job;

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
        /// The artist stopped it.
        Cancelled = "cancelled",
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

    /// Its place in the chain, from 0.
    pub(super) fn place(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).unwrap_or(0)
    }
}

/// One step of a track's chain.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Stage {
    pub(crate) name: Step,
    pub(crate) state: StageState,
    pub(crate) percent: i16,
    /// The number of the attempt, from 1; 0 before the first one.
    pub(crate) attempt: i16,
    /// How many attempts it has.
    pub(crate) max_attempts: i16,
    /// Why it failed, or what stopped its last attempt; for members of the artist only.
    pub(crate) problem: Option<TrackProblem>,
    /// Milliseconds until it will probably be done, waiting included; null when it is done, and while nobody can know.
    pub(crate) remaining_ms: Option<i64>,
}

/// A row of `artists.stages`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = stages)]
pub(super) struct StageRow {
    pub(super) track_id: TrackId,
    pub(super) name: Step,
    pub(super) state: StageState,
    pub(super) percent: i16,
    pub(super) attempt: i16,
    pub(super) problem_slug: Option<String>,
    pub(super) problem_message: Option<String>,
}

impl From<StageRow> for Stage {
    fn from(row: StageRow) -> Self {
        let problem = row.problem_slug.zip(row.problem_message);
        Self {
            name: row.name,
            state: row.state,
            percent: row.percent,
            attempt: row.attempt,
            // What was lost with a worker is had once more.
            max_attempts: Ingest::MAX_ATTEMPTS.max(row.attempt),
            problem: problem.map(|(slug, message)| TrackProblem { slug, message }),
            remaining_ms: None,
        }
    }
}

impl StageRow {
    /// All stages of a new track, waiting.
    pub(super) async fn insert_all(conn: &mut Conn, track: TrackId) -> Result<()> {
        let rows: Vec<_> = Step::ALL.iter().map(|step| (stages::track_id.eq(track), stages::name.eq(step))).collect();
        diesel::insert_into(stages::table).values(rows).execute(conn).await?;
        Ok(())
    }

    /// The stages of tracks, each track's in the order of the chain.
    pub(super) async fn list_of(conn: &mut Conn, tracks: &[TrackId]) -> Result<Vec<Self>> {
        let mut list: Vec<Self> =
            stages::table.filter(stages::track_id.eq_any(tracks)).select(Self::as_select()).load(conn).await?;
        list.sort_by_key(|stage| stage.name.place());
        Ok(list)
    }

    /// What a step's result was made of; none where it has none.
    pub(super) async fn inputs(conn: &mut Conn, track: TrackId, step: Step) -> Result<Option<Vec<u8>>> {
        let inputs = stages::table.find((track, step)).select(stages::inputs).first(conn).await.optional()?;
        Ok(inputs.flatten())
    }

    /// Notes how far a running step is. False when it is not this attempt's to tell any more: a later one began, or it
    /// came to its end.
    pub(super) async fn move_on(
        conn: &mut Conn,
        track: TrackId,
        step: Step,
        percent: u8,
        attempt: i16,
    ) -> Result<bool> {
        // An attempt that begins while the one before seems to run: that one was lost with its worker.
        let moved = prepared(
            sql("update artists.stages set
                    state = 'running', percent = $3, attempt = $4,
                    started_at = case when attempt = $4 then coalesce(started_at, now()) else now() end,
                    problem_slug = case when state = 'running' and attempt < $4 then $5 else problem_slug end,
                    problem_message = case when state = 'running' and attempt < $4 then $6 else problem_message end
                 where track_id = $1 and name = $2 and state in ('waiting', 'running') and attempt <= $4")
            .bind::<SqlUuid, _>(track)
            .bind::<Text, _>(step)
            .bind::<SmallInt, _>(i16::from(percent.min(100)))
            .bind::<SmallInt, _>(attempt)
            .bind::<Text, _>("worker_lost")
            .bind::<Text, _>("The process that worked on it ended in the middle of it; it is tried again."),
        );
        Ok(moved.execute(conn).await? == 1)
    }

    /// Makes all steps from this one on wait again; what they were made of last is remembered. `problem` says what they
    /// wait for, if for anything.
    pub(super) async fn reset_from(
        conn: &mut Conn,
        track: TrackId,
        step: Step,
        problem: Option<&TrackProblem>,
    ) -> Result<()> {
        let from = Step::ALL.iter().skip_while(|other| **other != step);
        let again = stages::table.filter(stages::track_id.eq(track)).filter(stages::name.eq_any(from));
        diesel::update(again)
            .set((
                stages::state.eq(StageState::Waiting),
                stages::percent.eq(0),
                stages::attempt.eq(0),
                stages::problem_slug.eq(None::<String>),
                stages::problem_message.eq(None::<String>),
                stages::started_at.eq(None::<DateTime<Utc>>),
            ))
            .execute(conn)
            .await?;
        let Some(problem) = problem else { return Ok(()) };
        diesel::update(stages::table.find((track, step)))
            .set((stages::problem_slug.eq(&problem.slug), stages::problem_message.eq(&problem.message)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// The step is done: what it was made of.
    pub(super) async fn finish(conn: &mut Conn, track: TrackId, step: Step, attempt: i16, inputs: &[u8]) -> Result<()> {
        diesel::update(stages::table.find((track, step)))
            .set((
                stages::state.eq(StageState::Done),
                stages::percent.eq(100),
                stages::attempt.eq(attempt),
                stages::inputs.eq(inputs),
                stages::problem_slug.eq(None::<String>),
                stages::problem_message.eq(None::<String>),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// The step failed for good.
    pub(super) async fn fail(
        conn: &mut Conn,
        track: TrackId,
        step: Step,
        attempt: i16,
        problem: &TrackProblem,
    ) -> Result<()> {
        diesel::update(stages::table.find((track, step)))
            .set((
                stages::state.eq(StageState::Failed),
                stages::percent.eq(100),
                stages::attempt.eq(attempt),
                stages::problem_slug.eq(&problem.slug),
                stages::problem_message.eq(&problem.message),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// An attempt failed, and another one will come. False when it is not this attempt's to tell any more.
    pub(super) async fn stumble(
        conn: &mut Conn,
        track: TrackId,
        step: Step,
        attempt: i16,
        problem: &TrackProblem,
    ) -> Result<bool> {
        let running = stages::table
            .find((track, step))
            .filter(stages::state.eq(StageState::Running))
            .filter(stages::attempt.eq(attempt));
        let stumbled = diesel::update(running)
            .set((
                stages::state.eq(StageState::Waiting),
                stages::percent.eq(0),
                stages::problem_slug.eq(&problem.slug),
                stages::problem_message.eq(&problem.message),
            ))
            .execute(conn)
            .await?;
        Ok(stumbled == 1)
    }

    /// Whatever waits or runs does so no longer.
    pub(super) async fn cancel_open(conn: &mut Conn, track: TrackId) -> Result<()> {
        let open = stages::table
            .filter(stages::track_id.eq(track))
            .filter(stages::state.eq_any([StageState::Waiting, StageState::Running]));
        diesel::update(open).set(stages::state.eq(StageState::Cancelled)).execute(conn).await?;
        Ok(())
    }

    /// Forgets what the results of a track were made of, so that they are made again.
    pub(super) async fn forget_inputs(conn: &mut Conn, tracks: &[TrackId]) -> Result<()> {
        let all = stages::table.filter(stages::track_id.eq_any(tracks));
        diesel::update(all).set(stages::inputs.eq(None::<Vec<u8>>)).execute(conn).await?;
        Ok(())
    }

    /// The first step that is not done: the one that runs, failed or was stopped. None where all went well.
    pub(super) async fn first_open(conn: &mut Conn, track: TrackId) -> Result<Option<Step>> {
        let stages = Self::list_of(conn, &[track]).await?;
        Ok(stages.iter().find(|stage| stage.state != StageState::Done).map(|stage| stage.name))
    }
}
