//! Follow a playlist.

use actix_web::put;
use actix_web::web::Data;

use super::follower::Followed;
use super::playlist::{Playlist, PlaylistRole};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, PlaylistId};

/// Follow a playlist of somebody else's that the account may see. How many follow it is public, who does is not.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[put("/playlists/{id}/following")]
pub(super) async fn put(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<PlaylistId>,
) -> Result<NoContent> {
    follow(&platform, identity.account, id).await.map(|()| NoContent)
}

async fn follow(platform: &Platform, account: AccountId, id: PlaylistId) -> Result<()> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let playlist = Playlist::shown(conn, id, Some(account)).await?;
            if playlist.role == Some(PlaylistRole::Owner) {
                return Err(Error::invalid("id", "Nobody follows their own playlist: it is in their list anyway."));
            }
            Followed::insert(conn, account, id, now).await
        })
        .await
}
