//! Take objects away that no playlist shows any more.

use serde::{Deserialize, Serialize};

use super::cover::Cover;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::storage::take_away;

/// Objects of covers that somebody let go of. Those that others show stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DiscardCover {
    keys: Vec<String>,
}

impl Job for DiscardCover {
    const KIND: &'static str = "streaming.discard_cover";
    const QUEUE: &'static str = "ingest";
    /// Nothing is wrong with a job like this but the store, and that comes back.
    const MAX_ATTEMPTS: i16 = 20;
}

/// In the transaction that lets go of the objects.
pub(super) async fn enqueue(conn: &mut Conn, keys: Vec<String>) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    jobs::enqueue(conn, DiscardCover { keys }).await
}

/// May run twice.
pub(crate) async fn run(platform: Platform, job: DiscardCover, run: Run) -> Result<(), Failure> {
    let taken = take_away(&platform, &run, &job.keys, |conn, key| Box::pin(Cover::uses(conn, key)));
    Ok(taken.await?)
}
