//! Tell a service what an account hears now: a job that is tried once.

use serde::{Deserialize, Serialize};

use super::listen::Listen;
use super::protocol::Service;
use super::scrobbler::Scrobbler;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::streaming::streams::Stream;

/// Whose music to tell of. What it is, is looked up when it is told: a player may be further by then.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AnnounceListen {
    account: AccountId,
    service: Service,
}

impl Job for AnnounceListen {
    const KIND: &'static str = "streaming.announce_listen";
    const QUEUE: &'static str = "scrobbles";
}

impl AnnounceListen {
    /// Announces, with the caller's commit, to every service that an account has connected.
    pub(in crate::streaming) async fn enqueue(conn: &mut Conn, account: AccountId) -> Result<()> {
        for service in Scrobbler::services(conn, account).await? {
            // Before all that was heard: that can wait.
            jobs::new(Self { account, service }).priority(1).enqueue(conn).await?;
        }
        Ok(())
    }
}

/// Tells the service. That it fails is no matter: what was heard is told later.
pub(crate) async fn run(platform: Platform, job: AnnounceListen, _: Run) -> Result<(), Failure> {
    let mut conn = platform.db.conn().await?;
    let Some(scrobbler) = Scrobbler::find(&mut conn, job.account, job.service).await? else { return Ok(()) };
    let heard = Stream::heard_by(&mut conn, &[job.account], platform.clock.now()).await?.pop();
    let Some(heard) = heard.filter(|_| !scrobbler.is_refused()) else { return Ok(()) };
    let Some(listen) = Listen::of(&mut conn, heard.track_id, heard.since).await? else { return Ok(()) };
    drop(conn);
    let secret = scrobbler.secret(&platform).map_err(Failure::give_up)?;
    if let Err(failure) = job.service.announce(&platform, &secret, &listen).await {
        tracing::info!(service = job.service.name(), ?failure, "what is heard now was not told");
    }
    Ok(())
}
