//! End embargoes: at its moment a release is public everywhere, and this tells whoever must hear of it, once.

use std::time::Duration;

use super::{announce, embargo};
use crate::artists::artist::Artist;
use crate::artists::own_track::OwnTrack;
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::outbox;

/// How long nobody looks, at the most: a new embargo may be the next to end.
const AT_MOST: Duration = Duration::from_millis(500);

/// With the database away.
const PAUSE: Duration = Duration::from_secs(1);

/// Façade: tells of releases whose embargo ends, for as long as the process lives; at first of those that ended before.
pub(crate) async fn end_embargoes(platform: Platform) {
    loop {
        let wait = look(&platform).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "ending embargoes");
            PAUSE
        });
        tokio::time::sleep(wait).await;
    }
}

// How long to wait for the next one.
async fn look(platform: &Platform) -> Result<Duration> {
    let next = embargo::seconds_to_next(&mut *platform.db.conn().await?).await?;
    if next.is_some_and(|seconds| seconds <= 0.0) {
        while end_next(platform).await? {}
        return Ok(Duration::from_millis(20));
    }
    Ok(next.map_or(AT_MOST, |seconds| Duration::from_secs_f64(seconds).min(AT_MOST)))
}

// What is locked is being changed by its artist, or told of by another process: it is looked at again.
async fn end_next(platform: &Platform) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            let Some(release) = embargo::lock_ended(conn).await? else { return Ok(false) };
            let Some(at) = release.embargo_until else { return Ok(false) };
            let is_nobodys = Artist::link(conn, release.artist_id).await?.is_none();
            if is_nobodys || OwnTrack::count(conn, release.id).await?.ready == 0 {
                // Its artist or its tracks were lost on the way: what nobody stands for, or has nothing to hear, is not public.
                embargo::withdraw(conn, release.id).await?;
                outbox::record(conn, &announce::changed(&release)).await?;
                return Ok(true);
            }
            embargo::publish(conn, release.id, at).await?;
            let event = announce::event(conn, &release, release.visibility, at).await?;
            outbox::record(conn, &event).await?;
            Ok(true)
        })
        .await
}
