//! Remove a release's artwork.

use actix_web::delete;
use actix_web::web::Data;

use super::picture::{Picture, Use, Wanted};
use crate::artists::discard;
use crate::artists::release::OwnRelease;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, ReleaseId};
use crate::platform::outbox;

/// Remove a release's artwork. Its address leads nowhere from now on, and what the tracks' files bring along is not taken
/// for it any more.
#[utoipa::path(tag = "artwork", params(("id" = ReleaseId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/releases/{id}/artwork")]
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
        Wanted::say(conn, id, true).await?;
        let before = Picture::remove(conn, Use::Cover(id)).await?;
        if before.is_empty() {
            return Ok(());
        }
        discard::enqueue(conn, before).await?;
        outbox::record(conn, &Event::ReleaseChanged { release: id, artist: release.artist_id }).await
    })
    .await
}
