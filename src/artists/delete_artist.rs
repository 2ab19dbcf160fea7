//! Delete an artist that nobody acts for any more, with the whole catalogue: a job, for that may be long.

use serde::{Deserialize, Serialize};

use super::delete_release;
use super::membership;
use super::release::OwnRelease;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::id::ArtistId;
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::outbox;

/// An artist without members.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeleteArtist {
    artist: ArtistId,
}

impl Job for DeleteArtist {
    const KIND: &'static str = "artists.delete_artist";
    const QUEUE: &'static str = "ingest";
    /// Nothing is wrong with a job like this but the database, and that comes back.
    const MAX_ATTEMPTS: i16 = 20;
}

/// In the transaction that takes the last member away.
pub(super) async fn enqueue(conn: &mut Conn, artist: ArtistId) -> Result<()> {
    jobs::new(DeleteArtist { artist }).key(format!("delete_artist:{artist}")).priority(10).enqueue(conn).await?;
    Ok(())
}

/// One release after the other, each in a transaction of its own, and the artist last. May run twice.
pub(crate) async fn run(platform: Platform, job: DeleteArtist, run: Run) -> Result<(), Failure> {
    while remove_next(&platform, job.artist, &run).await? {}
    Ok(())
}

/// False once the artist itself is gone, or has a member again.
async fn remove_next(platform: &Platform, artist: ArtistId, run: &Run) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            if !membership::lock_deserted(conn, artist).await? {
                return Ok(false);
            }
            if let Some(release) = OwnRelease::lock_any_of(conn, artist).await? {
                delete_release::remove_with_all(conn, &release).await?;
                return Ok(true);
            }
            membership::delete_artist(conn, artist).await?;
            outbox::record(conn, &Event::ArtistChanged { artist }).await?;
            Ok(false)
        })
        .await
}
