//! Give up an upload. What it became already stays.

use actix_web::delete;
use actix_web::web::Data;

use super::finish;
use super::lease::Lease;
use super::transfer::{Transfer, UploadState};
use super::unpack;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, UploadId};
use crate::platform::jobs;

/// Give up an upload; its bytes are thrown away at once. A track that it has become stays.
#[utoipa::path(tag = "uploads", path = "/{id}", params(("id" = UploadId, Path), ("Tus-Resumable" = String, Header)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem),
    (status = 423, body = Problem)))]
#[delete("/{id}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<UploadId>,
) -> Result<NoContent> {
    remove(&platform, identity.account, id).await.map(|()| NoContent)
}

async fn remove(platform: &Platform, member: AccountId, id: UploadId) -> Result<()> {
    find(platform, member, id).await?;
    let lease = Lease::take(&platform.db, id, true).await?;
    let removed = remove_alone(platform, member, id).await;
    lease.release(&platform.db).await;
    removed
}

async fn find(platform: &Platform, member: AccountId, id: UploadId) -> Result<Transfer> {
    let found = Transfer::find_mine(&mut *platform.db.conn().await?, id, member).await?;
    found.ok_or(Error::NotFound("upload"))
}

async fn remove_alone(platform: &Platform, member: AccountId, id: UploadId) -> Result<()> {
    let transfer = find(platform, member, id).await?;
    platform
        .db
        .transaction(async |conn| {
            for key in [finish::key(id), unpack::key(id)] {
                jobs::cancel_by_key(conn, &key).await?;
            }
            transfer.delete(conn).await
        })
        .await?;
    // What came whole and became a track has its place elsewhere by now.
    if transfer.state == UploadState::Done {
        return Ok(());
    }
    platform.storage.discard_landing(id.uuid(), &transfer.landing()?).await
}
