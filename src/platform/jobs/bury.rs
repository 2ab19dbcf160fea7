//! Bury a job: it becomes a dead letter, and its undertaker does its part in the same transaction.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::dsl::now;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::State;
use super::lease::Lease;
use super::queue::Undertaker;
use super::settle::storable;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::schema::jobs::dsl::*;

/// The undertakers of a queue, by kind of job.
pub(super) type Undertakers = Arc<HashMap<&'static str, Undertaker>>;

/// Makes the job dead, unless this worker has lost it. When that fails, it is marked, the lease runs out, and whoever fetches
/// it next buries it again.
pub(super) async fn bury(lease: &Lease, undertakers: &Undertakers, error: &str) {
    let (job, error) = (&lease.job, storable(error));
    let undertaker = undertakers.get(job.kind.as_str());
    let buried = lease
        .worker
        .db
        .transaction(async |conn| {
            let dead = mark_dead(conn, lease, &error).await?;
            match undertaker {
                Some(undertaker) if dead => undertaker(conn, job.payload.clone(), error.clone()).await?,
                _ => {}
            }
            Ok(dead)
        })
        .await;
    match buried {
        Ok(true) => tracing::error!(error, "the job is dead"),
        Ok(false) => tracing::warn!("buried too late: another worker has the job"),
        Err(cause) => leave(lease, &error, &cause).await,
    }
    lease.let_go();
}

async fn leave(lease: &Lease, error: &str, cause: &Error) {
    tracing::error!(error, %cause, "the dead job could not be buried");
    if let Err(cause) = mark_hopeless(lease, error).await {
        tracing::warn!(%cause, "nor could it be noted that it failed for good");
    }
}

async fn mark_hopeless(lease: &Lease, error: &str) -> Result<()> {
    let held = jobs
        .find(lease.job.id)
        .filter(state.eq(State::Running))
        .filter(attempts.eq(lease.job.attempt))
        .filter(worker.eq(&lease.worker.name));
    let marked = (is_hopeless.eq(true), last_error.eq(error));
    diesel::update(held).set(marked).execute(&mut *lease.worker.db.conn().await?).await?;
    Ok(())
}

async fn mark_dead(conn: &mut Conn, lease: &Lease, error: &str) -> Result<bool> {
    let held = jobs
        .find(lease.job.id)
        .filter(state.eq(State::Running))
        .filter(attempts.eq(lease.job.attempt))
        .filter(worker.eq(&lease.worker.name));
    let dead = diesel::update(held)
        .set((
            state.eq(State::Dead),
            lease_until.eq(None::<chrono::DateTime<chrono::Utc>>),
            finished_at.eq(now),
            last_error.eq(error),
        ))
        .execute(conn)
        .await?;
    Ok(dead == 1)
}
