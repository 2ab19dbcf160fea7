//! Tell a service what an account hears now: a job that is tried once.

use serde::{Deserialize, Serialize};

use super::listen::Listen;
use super::scrobbler::Scrobbler;
use super::service::Service;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlayId};
use crate::platform::jobs::{self, Failure, Job, Run};

/// A play that has begun.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AnnounceListen {
    account: AccountId,
    service: Service,
    play: PlayId,
}

impl Job for AnnounceListen {
    const KIND: &'static str = "streaming.announce_listen";
    const QUEUE: &'static str = "scrobbles";
}

impl AnnounceListen {
    /// Announces, with the caller's commit, to every service that an account has connected.
    pub(in crate::streaming) async fn enqueue(conn: &mut Conn, account: AccountId, play: PlayId) -> Result<()> {
        for service in Scrobbler::services(conn, account).await? {
            // At most one waits: what is heard later is heard now.
            let key = format!("announce_listen:{account}:{}", service.name());
            jobs::new(Self { account, service, play }).key(key).enqueue(conn).await?;
        }
        Ok(())
    }
}

/// Tells the service. That it fails is no matter: what was heard is told later.
pub(crate) async fn run(platform: Platform, job: AnnounceListen, _: Run) -> Result<(), Failure> {
    let mut conn = platform.db.conn().await?;
    let found = Scrobbler::find(&mut conn, job.account, job.service).await?;
    let (Some(scrobbler), Some(listen)) = (found, Listen::find(&mut conn, job.play, job.account).await?) else {
        return Ok(());
    };
    drop(conn);
    let secret = scrobbler.secret(&platform).map_err(Failure::give_up)?;
    if let Err(failure) = job.service.announce(&platform, &secret, &listen).await {
        tracing::info!(service = job.service.name(), ?failure, "what is heard now was not told");
    }
    Ok(())
}
