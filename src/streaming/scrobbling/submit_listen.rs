//! Tell a service what an account heard: a job.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::listen::Listen;
use super::protocol::{Failure, Service};
use super::scrobbler::{ScrobbleProblem, Scrobbler};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlayId};
use crate::platform::jobs::{self, Backoff, Failure as JobFailure, Job, Run};

/// A play to tell of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SubmitListen {
    account: AccountId,
    service: Service,
    /// The profile of that time: another one is not told of it.
    username: String,
    play: PlayId,
}

impl Job for SubmitListen {
    const KIND: &'static str = "streaming.submit_listen";
    const QUEUE: &'static str = "scrobbles";
    /// With these pauses about two weeks: for so long Last.fm takes what was heard.
    const MAX_ATTEMPTS: i16 = 64;
    const BACKOFF: Backoff =
        Backoff { first: Duration::from_secs(2), factor: 4, longest: Duration::from_secs(6 * 3600) };
}

/// Tells, with the caller's commit, every service that an account has connected.
pub(in crate::streaming) async fn enqueue(conn: &mut Conn, account: AccountId, play: PlayId) -> Result<()> {
    for Scrobbler { service, username, .. } in Scrobbler::list(conn, account).await? {
        jobs::enqueue(conn, SubmitListen { account, service, username, play }).await?;
    }
    Ok(())
}

/// Tells the service. A second time it knows the listen by its time, and keeps one.
pub(crate) async fn run(platform: Platform, job: SubmitListen, run: Run) -> Result<(), JobFailure> {
    let mut conn = platform.db.conn().await?;
    let found = Scrobbler::find(&mut conn, job.account, job.service).await?;
    let found = found.filter(|scrobbler| scrobbler.username == job.username);
    let (Some(scrobbler), Some(listen)) = (found, Listen::find(&mut conn, job.play, job.account).await?) else {
        return Ok(());
    };
    drop(conn);
    if scrobbler.is_refused() {
        return Err(anyhow::anyhow!("{} waits for a new token", job.service.name()).into());
    }
    let secret = scrobbler.secret(&platform).map_err(JobFailure::give_up)?;
    let told = job.service.submit(&platform, &secret, &listen).await;
    let now = platform.clock.now();
    let mut conn = platform.db.conn().await?;
    match told {
        Ok(()) => Ok(scrobbler.note(&mut conn, None, now).await?),
        Err(Failure::Senseless(why)) => {
            tracing::warn!(service = job.service.name(), play = %job.play, why, "a service takes no such listen");
            Ok(())
        }
        Err(failure) => {
            let (problem, why) = match failure {
                Failure::Refused => (ScrobbleProblem::Refused, "it refuses the token".to_owned()),
                Failure::Away(why) | Failure::Senseless(why) => (ScrobbleProblem::Away, why),
            };
            run.fence(&mut conn).await?;
            scrobbler.note(&mut conn, Some(problem), now).await?;
            Err(anyhow::anyhow!("{}: {why}", job.service.name()).into())
        }
    }
}
