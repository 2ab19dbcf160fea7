//! Withdraw a release, so that nobody else hears it; or call off its embargo.

use actix_web::delete;
use actix_web::web::Data;

use super::{announce, embargo};
use crate::artists::metadata::{By, Change, Subject};
use crate::artists::release::OwnRelease;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, ReleaseId};
use crate::platform::outbox;

/// Withdraw a release from the public, or call off its embargo.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/releases/{id}/publication")]
pub(in crate::artists) async fn delete(
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
        let before = embargo::fields(conn, id).await?;
        embargo::withdraw(conn, id).await?;
        let (subject, by) = (Subject { release: id, track: None }, By { account: member, takes_back: None });
        let after = embargo::fields(conn, id).await?;
        Change::insert(conn, subject, by, &before, &after).await?;
        outbox::record(conn, &announce::changed(&release)).await
    })
    .await
}
