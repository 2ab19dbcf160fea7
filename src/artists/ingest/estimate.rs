//! How long chains will probably take: from how far a step is and how long that took, from how fast this machine was
//! lately, and from what stands before it in the queue.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Double, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::artists::stage::{StageState, Step};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::TrackId;

/// From this percent on, a step's own pace alone counts.
const SURE_PERCENT: f64 = 25.0;

/// Before this percent, a step's own pace says nothing.
const FIRST_PERCENT: f64 = 2.0;

/// Milliseconds until steps that wait or run will probably be done.
#[derive(Debug, Default)]
pub(in crate::artists) struct Estimate(HashMap<(TrackId, Step), i64>);

impl Estimate {
    /// `None` when it is done, and while nobody can know.
    pub(in crate::artists) fn of(&self, track: TrackId, step: Step) -> Option<i64> {
        self.0.get(&(track, step)).copied()
    }

    /// Until the whole chain is done.
    pub(in crate::artists) fn of_chain(&self, track: TrackId) -> Option<i64> {
        self.of(track, Step::Package)
    }
}

/// A step of a chain that is under way.
#[derive(Debug, Clone, QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    track_id: TrackId,
    #[diesel(sql_type = Text)]
    name: Step,
    #[diesel(sql_type = Text)]
    state: StageState,
    #[diesel(sql_type = SmallInt)]
    percent: i16,
    /// Since the attempt began.
    #[diesel(sql_type = Nullable<Double>)]
    elapsed_ms: Option<f64>,
    /// By the machine's recent speed, the whole step.
    #[diesel(sql_type = Nullable<Double>)]
    usual_ms: Option<f64>,
    /// Of `render` in the chains that come before this one.
    #[diesel(sql_type = Nullable<Double>)]
    ahead_ms: Option<f64>,
    /// How many of those run at the same time.
    #[diesel(sql_type = BigInt)]
    running: i64,
}

/// Estimates the chains of `tracks` that are under way.
pub(in crate::artists) async fn estimate(conn: &mut Conn, tracks: &[TrackId]) -> Result<Estimate> {
    let rows = prepared(
        sql("with long as (
                select c.track_id, c.in_background, c.id, s.state,
                    v.ms_per_minute * coalesce(c.audio_ms, avg(c.audio_ms) over ())::float8 / 60000
                        * case when s.state = 'done' then 0 else 1 - s.percent / 100.0::float8 end as left_ms
                from artists.chains c
                join artists.stages s on s.track_id = c.track_id and s.name = 'render'
                left join artists.speeds v on v.step = 'render'),
             queue as (
                select track_id, count(*) filter (where state = 'running') over () as running,
                    sum(left_ms) over (order by state = 'running' desc, in_background, id
                                       rows between unbounded preceding and 1 preceding) as ahead_ms
                from long)
             select s.track_id, s.name, s.state, s.percent, q.running, q.ahead_ms,
                extract(epoch from clock_timestamp() - s.started_at)::float8 * 1000 as elapsed_ms,
                v.ms_per_minute * c.audio_ms / 60000 as usual_ms
             from artists.stages s
             join artists.chains c on c.track_id = s.track_id
             join queue q on q.track_id = s.track_id
             left join artists.speeds v on v.step = s.name
             where s.track_id = any($1)")
        .bind::<Array<SqlUuid>, _>(tracks),
    );
    let mut rows: Vec<Row> = rows.load(conn).await?;
    rows.sort_by_key(|row| (row.track_id, row.name.place()));
    let mut estimate = Estimate::default();
    for chain in rows.chunk_by(|one, next| one.track_id == next.track_id) {
        estimate.0.extend(of_chain(chain));
    }
    Ok(estimate)
}

/// When each step that is left ends, in the order of the chain; nothing beyond the first one that nobody knows of.
fn of_chain(steps: &[Row]) -> Vec<((TrackId, Step), i64)> {
    let mut until_ms = 0.0;
    let mut ends = Vec::new();
    for step in steps {
        let takes_ms = match step.state {
            StageState::Running => left_ms(step),
            StageState::Waiting => step.usual_ms.map(|usual| usual + waits_ms(step)),
            StageState::Done | StageState::Failed | StageState::Cancelled => continue,
        };
        // The last step is short: not to know it yet is no reason to be silent about the others.
        let Some(takes_ms) = takes_ms.or((step.name == Step::Package && !ends.is_empty()).then_some(0.0)) else {
            break;
        };
        until_ms += takes_ms;
        ends.push(((step.track_id, step.name), until_ms.round() as i64));
    }
    ends
}

// Only the long step stands in a queue worth mentioning.
fn waits_ms(step: &Row) -> f64 {
    if step.name != Step::Render {
        return 0.0;
    }
    let together = i32::try_from(step.running).unwrap_or(1).max(1);
    step.ahead_ms.unwrap_or(0.0) / f64::from(together)
}

/// What is left of a running step: at its beginning by the usual speed, then more and more by its own.
fn left_ms(step: &Row) -> Option<f64> {
    let percent = f64::from(step.percent);
    let usual = step.usual_ms.map(|usual| usual * (1.0 - percent / 100.0));
    let own = step.elapsed_ms.filter(|_| percent >= FIRST_PERCENT).map(|past| past * (100.0 - percent) / percent);
    match (usual, own) {
        (Some(usual), Some(own)) => {
            let trust = (percent / SURE_PERCENT).min(1.0);
            Some(own * trust + usual * (1.0 - trust))
        }
        (usual, own) => own.or(usual),
    }
}

/// Takes the step of a track that ends now into the machine's recent speed. What is shorter than a few seconds says
/// nothing: starting is most of it.
pub(super) async fn learn(conn: &mut Conn, track: TrackId, step: Step) -> Result<()> {
    let learn = prepared(
        sql("insert into artists.speeds (step, ms_per_minute)
             select s.name, extract(epoch from clock_timestamp() - s.started_at)::float8 * 1000 / (c.audio_ms / 60000.0::float8)
             from artists.stages s join artists.chains c on c.track_id = s.track_id
             where s.track_id = $1 and s.name = $2 and s.started_at is not null and c.audio_ms >= 5000
             on conflict (step) do update set
                ms_per_minute = 0.7 * speeds.ms_per_minute + 0.3 * excluded.ms_per_minute, measured_at = now()")
        .bind::<SqlUuid, _>(track)
        .bind::<Text, _>(step),
    );
    learn.execute(conn).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: Step, state: StageState) -> Row {
        Row {
            track_id: TrackId::default(),
            name,
            state,
            percent: 0,
            elapsed_ms: None,
            usual_ms: None,
            ahead_ms: None,
            running: 0,
        }
    }

    fn ends(steps: &[Row]) -> Vec<i64> {
        of_chain(steps).into_iter().map(|(_, end)| end).collect()
    }

    #[test]
    fn a_step_that_runs_is_judged_by_its_own_pace() {
        let render = |percent, elapsed_ms, usual_ms| Row {
            percent,
            elapsed_ms: Some(elapsed_ms),
            usual_ms,
            ..row(Step::Render, StageState::Running)
        };
        assert_eq!(ends(&[render(50, 4000.0, None)]), [4000]);
        assert_eq!(ends(&[render(50, 4000.0, Some(1000.0))]), [4000], "half-way, only what was seen counts");
        assert_eq!(ends(&[render(1, 100.0, Some(10_000.0))]), [9900], "at its beginning, what is usual");
        assert_eq!(ends(&[render(1, 100.0, None)]), [0_i64; 0], "nobody can know yet");
    }

    #[test]
    fn those_that_wait_wait_for_those_before_them() {
        let track = TrackId::new();
        let steps = [
            Row { track_id: track, ..row(Step::Probe, StageState::Done) },
            Row {
                track_id: track,
                usual_ms: Some(3000.0),
                ahead_ms: Some(8000.0),
                running: 2,
                ..row(Step::Render, StageState::Waiting)
            },
            Row { track_id: track, usual_ms: Some(100.0), ..row(Step::Package, StageState::Waiting) },
        ];
        assert_eq!(ends(&steps), [7000, 7100]);
    }

    #[test]
    fn what_is_unknown_hides_what_is_behind_it_but_the_short_end() {
        let render = Row { usual_ms: Some(1000.0), ..row(Step::Render, StageState::Waiting) };
        let package = row(Step::Package, StageState::Waiting);
        assert_eq!(ends(&[row(Step::Probe, StageState::Waiting), render.clone(), package.clone()]), [0_i64; 0]);
        assert_eq!(ends(&[render, package]), [1000, 1000]);
    }
}
