//! Take objects away that no track names any more: of tracks and releases that were deleted, of uploads that were refused.

use serde::{Deserialize, Serialize};

use super::own_track::OwnTrack;
use super::statements::OwnStatement;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::storage::take_away;

/// Objects of the store that somebody let go of. Those that others still name stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Discard {
    keys: Vec<String>,
}

impl Job for Discard {
    const KIND: &'static str = "artists.discard";
    const QUEUE: &'static str = "ingest";
    /// Nothing is wrong with a job like this but the store, and that comes back.
    const MAX_ATTEMPTS: i16 = 20;
}

/// In the transaction that lets go of the objects.
pub(super) async fn enqueue(conn: &mut Conn, keys: Vec<String>) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    jobs::enqueue(conn, Discard { keys }).await
}

/// Of its own, for an object whose transaction failed. Should this fail as well, the store's sweep finds the object.
pub(super) async fn let_go(platform: &Platform, key: &str) {
    if let Err(error) = try_to_let_go(platform, key).await {
        tracing::warn!(%error, key, "an object is left to the sweep");
    }
}

async fn try_to_let_go(platform: &Platform, key: &str) -> Result<()> {
    enqueue(&mut *platform.db.conn().await?, vec![key.to_owned()]).await
}

/// May run twice.
pub(crate) async fn run(platform: Platform, job: Discard, run: Run) -> Result<(), Failure> {
    let taken = take_away(&platform, &run, &job.keys, |conn, key| {
        // Another track's, or another artist's statement.
        Box::pin(async { Ok(OwnTrack::uses(conn, key).await? || OwnStatement::uses(conn, key).await?) })
    });
    Ok(taken.await?)
}
