//! Like a track.

use actix_web::put;
use actix_web::web::Data;

use super::like::Like;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, TrackId};
use crate::streaming::played_track::heard_by;

/// Like a track that the account may hear. Nobody else learns of it; what is liked already stays where it is in the list.
#[utoipa::path(tag = "library", params(("id" = TrackId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[put("/tracks/{id}/like")]
pub(in crate::streaming) async fn put(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<TrackId>,
) -> Result<NoContent> {
    like(&platform, identity.account, id).await.map(|()| NoContent)
}

async fn like(platform: &Platform, account: AccountId, track: TrackId) -> Result<()> {
    let mut conn = platform.db.conn().await?;
    if heard_by(&mut conn, account, [track]).await?.is_empty() {
        return Err(Error::NotFound("track"));
    }
    Like::insert(&mut conn, account, track, platform.clock.now()).await
}
