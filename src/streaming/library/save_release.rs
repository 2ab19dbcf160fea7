//! Save a release.

use actix_web::put;
use actix_web::web::Data;

use super::saved_release::SavedRow;
use crate::artists;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, ReleaseId};

/// Save a release that the account may see. What is saved already stays where it is in the list.
#[utoipa::path(tag = "library", params(("id" = ReleaseId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[put("/me/library/releases/{id}")]
pub(in crate::streaming) async fn put(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<ReleaseId>,
) -> Result<NoContent> {
    save(&platform, identity.account, id).await.map(|()| NoContent)
}

async fn save(platform: &Platform, account: AccountId, release: ReleaseId) -> Result<()> {
    let mut conn = platform.db.conn().await?;
    if artists::open_releases(&mut conn, &[release], account).await?.is_empty() {
        return Err(Error::NotFound("release"));
    }
    SavedRow::insert(&mut conn, account, release, platform.clock.now()).await
}
