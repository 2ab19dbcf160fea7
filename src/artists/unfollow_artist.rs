//! Follow an artist no longer.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::artist::Artist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::NoContent;
use crate::platform::id::AccountId;
use crate::platform::outbox;

/// Follow an artist no longer.
#[utoipa::path(tag = "artists", params(("id" = String, Path, description = "Id or slug")), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/artists/{id}/following")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    id: Path<String>,
) -> Result<NoContent> {
    unfollow(&platform, identity.account, &id).await.map(|()| NoContent)
}

async fn unfollow(platform: &Platform, account: AccountId, id_or_slug: &str) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            let artist = Artist::find(conn, id_or_slug, None).await?.ok_or(Error::NotFound("artist"))?.id;
            if Artist::unfollow(conn, artist, account).await? {
                // Read under the row's lock: of two that change their mind, the later has the later time.
                let at = platform.clock.now();
                outbox::record(conn, &Event::FollowingChanged { artist, account, following: false, at }).await?;
            }
            Ok(())
        })
        .await
}
