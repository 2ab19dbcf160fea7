//! Revoke a link: it opens nothing any more, and what plays by it ends.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::link::SharedLink;
use crate::artists::release::OwnRelease;
use crate::platform::Platform;
use crate::platform::auth::{self, Identity, Subject, Upload};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::{AccountId, LinkId, ReleaseId};

/// Revoke a link to a release. It stays in the list, with its report.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path), ("link" = LinkId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/releases/{id}/links/{link}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    path: Path<(ReleaseId, LinkId)>,
) -> Result<NoContent> {
    let (release, link) = path.into_inner();
    revoke(&platform, release, link, identity.account).await.map(|()| NoContent)
}

async fn revoke(platform: &Platform, release: ReleaseId, link: LinkId, member: AccountId) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            OwnRelease::lock(conn, release, member).await?;
            if !SharedLink::revoke(conn, release, link).await? {
                return Err(Error::NotFound("link"));
            }
            auth::revoke(conn, &platform.clock, &[Subject::Link(link)]).await
        })
        .await
}
