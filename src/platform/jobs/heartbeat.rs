//! The heartbeat: keeps the leases of this process, and learns which are lost or cancelled.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Double, Int2, Text, Uuid};
use diesel_async::RunQueryDsl;
use tokio::time::sleep;

use super::lease::Signal;
use super::line::{Line, answer};
use super::worker::Worker;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::JobId;

/// Renews all leases of the process in one statement, `period` after `period`, over a line of its own: busy handlers
/// cannot starve it.
pub(super) async fn heartbeat(worker: Arc<Worker>, mut line: Line, period: Duration) {
    loop {
        sleep(period).await;
        let beaten = beat(&worker, &mut line).await;
        if let Err(error) = line.checked(beaten) {
            tracing::warn!(%error, "a heartbeat failed");
        }
    }
}

async fn beat(worker: &Worker, line: &mut Line) -> Result<()> {
    let leases = worker.leases.all();
    if leases.is_empty() {
        return Ok(());
    }
    let renewed = answer(renew(line.conn().await?, &worker.name, leases)).await?;
    for Renewed { job, attempt, held, cancelled } in renewed {
        match (held, cancelled) {
            (true, false) => {}
            (true, true) => worker.leases.tell(job, Signal::Cancelled),
            (false, _) => {
                tracing::warn!(%job, attempt, "this worker was given up for dead");
                worker.leases.tell(job, Signal::Lost);
            }
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Renewed {
    #[diesel(sql_type = Uuid)]
    job: JobId,
    #[diesel(sql_type = Int2)]
    attempt: i16,
    /// False when another worker has the job. One that its own handler completed is held to the handler's end.
    #[diesel(sql_type = Bool)]
    held: bool,
    #[diesel(sql_type = Bool)]
    cancelled: bool,
}

/// Renews leases (job, attempt, length). A row that a transaction holds at the moment, which is a fence, is not waited for,
/// for the others' sake: a fence renews by itself.
async fn renew(conn: &mut Conn, worker: &str, leases: Vec<(JobId, i16, Duration)>) -> QueryResult<Vec<Renewed>> {
    let jobs: Vec<JobId> = leases.iter().map(|(job, ..)| *job).collect();
    let attempts: Vec<i16> = leases.iter().map(|(_, attempt, _)| *attempt).collect();
    let seconds: Vec<f64> = leases.iter().map(|(.., length)| length.as_secs_f64()).collect();
    let renew = sql("with lease as (select * from unnest($1, $2, $3) as lease (job, attempt, seconds)),
        mine as (
            select id, seconds from lease join platform.jobs on id = job
            where state = 'running' and worker = $4 and attempts = attempt for update of jobs skip locked),
        renewed as (
            update platform.jobs set lease_until = now() + make_interval(secs => seconds)
            from mine where jobs.id = mine.id)
        select job, attempt,
            coalesce(state in ('running', 'done') and worker = $4 and attempts = attempt, false) as held,
            coalesce(cancel_requested, false) as cancelled
        from lease left join platform.jobs on id = job");
    let renew = renew.bind::<Array<Uuid>, _>(jobs).bind::<Array<Int2>, _>(attempts).bind::<Array<Double>, _>(seconds);
    prepared(renew.bind::<Text, _>(worker)).load(conn).await
}
