//! Withdraw a release: it is a draft again, and nobody else hears it.

use actix_web::delete;
use actix_web::web::Data;

use super::release::OwnRelease;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, ReleaseId};
use crate::platform::outbox;

/// Withdraw a release from the public.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/releases/{id}/publication")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<ReleaseId>,
) -> Result<NoContent> {
    withdraw(&platform.db, id, identity.account).await.map(|()| NoContent)
}

async fn withdraw(db: &Db, id: ReleaseId, member: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        let release = OwnRelease::lock(conn, id, member).await?;
        if release.published_at.is_none() {
            return Ok(());
        }
        release.withdraw(conn).await?;
        outbox::record(conn, &Event::ReleaseChanged { release: id, artist: release.artist_id }).await
    })
    .await
}
