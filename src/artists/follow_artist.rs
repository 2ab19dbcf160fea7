//! Follow an artist.

use actix_web::put;
use actix_web::web::{Data, Path};

use super::artist::Artist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::NoContent;
use crate::platform::id::AccountId;
use crate::platform::outbox;

/// Follow an artist: its new releases come to the inbox.
#[utoipa::path(tag = "artists", params(("id" = String, Path, description = "Id or slug")), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[put("/artists/{id}/following")]
pub(super) async fn put(platform: Data<Platform>, identity: Identity<Library>, id: Path<String>) -> Result<NoContent> {
    follow(&platform, identity.account, &id).await.map(|()| NoContent)
}

async fn follow(platform: &Platform, account: AccountId, id_or_slug: &str) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            let artist = Artist::find(conn, id_or_slug, None).await?.ok_or(Error::NotFound("artist"))?.id;
            if Artist::follow(conn, artist, account).await? {
                // Read under the row's lock: of two that change their mind, the later has the later time.
                let at = platform.clock.now();
                outbox::record(conn, &Event::FollowingChanged { artist, account, following: true, at }).await?;
            }
            Ok(())
        })
        .await
}
