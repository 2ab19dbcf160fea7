//! Delete a release.

use actix_web::delete;
use actix_web::web::Data;

use super::artwork::Picture;
use super::own_track::OwnTrack;
use super::release::OwnRelease;
use super::{discard, ingest};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, ReleaseId};
use crate::platform::outbox;

/// Delete a release with its tracks; chains that run are stopped.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/releases/{id}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<ReleaseId>,
) -> Result<NoContent> {
    remove(&platform.db, id, identity.account).await.map(|()| NoContent)
}

async fn remove(db: &Db, id: ReleaseId, member: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        let release = OwnRelease::lock(conn, id, member).await?;
        remove_with_all(conn, &release).await
    })
    .await
}

/// Removes a release that the caller's transaction holds, with its tracks and artwork; their objects go by a job.
pub(super) async fn remove_with_all(conn: &mut Conn, release: &OwnRelease) -> Result<()> {
    let tracks = OwnTrack::ids(conn, release.id).await?;
    for track in &tracks {
        ingest::cancel(conn, *track).await?;
    }
    let mut objects = OwnTrack::lock_objects(conn, &tracks).await?;
    objects.extend(Picture::keys_of_release(conn, release.id).await?);
    discard::enqueue(conn, objects).await?;
    release.delete(conn).await?;
    outbox::record(conn, &Event::ReleaseChanged { release: release.id, artist: release.artist_id }).await
}
