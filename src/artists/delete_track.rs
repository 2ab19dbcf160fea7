//! Delete a track.

use actix_web::delete;
use actix_web::web::Data;

use super::own_track::OwnTrack;
use super::release::OwnRelease;
use super::{discard, ingest, publication};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, TrackId};
use crate::platform::outbox;

/// Delete a track; its chain, if it runs, is stopped. A release that is public, or will be, and has no other to hear is withdrawn.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/tracks/{id}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<TrackId>,
) -> Result<NoContent> {
    remove(&platform.db, id, identity.account).await.map(|()| NoContent)
}

async fn remove(db: &Db, id: TrackId, member: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        let release = OwnTrack::find(conn, id).await?.ok_or(Error::NotFound("track"))?.release;
        // In the order of everybody who holds them: the release, the jobs, the track.
        let release = OwnRelease::lock(conn, release, member).await.map_err(|error| match error {
            Error::NotFound(_) => Error::NotFound("track"),
            error => error,
        })?;
        ingest::cancel(conn, id).await?;
        take_away(conn, &release, id, member).await
    })
    .await
}

/// Deletes a track of a release that the caller's transaction holds, after its jobs are stopped.
pub(super) async fn take_away(conn: &mut Conn, release: &OwnRelease, id: TrackId, member: AccountId) -> Result<()> {
    let track = OwnTrack::lock_mine(conn, id, member).await?;
    ingest::progress::tell_deleted(conn, &track).await?;
    let objects = OwnTrack::lock_objects(conn, &[id]).await?;
    discard::enqueue(conn, objects).await?;
    track.delete(conn).await?;
    withdraw_if_silent(conn, release).await?;
    outbox::record(conn, &Event::TrackChanged { track: id, release: release.id }).await
}

// A release with nothing to hear is not public.
async fn withdraw_if_silent(conn: &mut Conn, release: &OwnRelease) -> Result<()> {
    if release.published_at.is_some() && OwnTrack::count(conn, release.id).await?.ready == 0 {
        publication::withdraw(conn, release.id).await?;
        outbox::record(conn, &Event::ReleaseChanged { release: release.id, artist: release.artist_id }).await?;
    }
    Ok(())
}
