//! End what a device of the account plays.

use std::time::Duration;

use actix_web::delete;
use actix_web::web::{Data, Path};
use uuid::Uuid;

use super::limit::end;
use super::stream::Stream;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Listen};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::AccountId;
use crate::platform::limits::Rule;

/// Streams that an account ends from elsewhere, or takes over: each is told to every server.
pub(in crate::streaming) const ENDED_BY: Rule = Rule::new("streams ended", 60, MINUTE, HOUR);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// End what one of the account's devices plays: its addresses hold no longer, here and on every other server, and its player is
/// told on `/live` (`stream.ended`).
#[utoipa::path(tag = "plays", params(("id" = Uuid, Path, description = "The device, as `GET /me/streams` lists it")), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 429, body = Problem)))]
#[delete("/me/streams/{id}")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Listen>,
    id: Path<String>,
) -> Result<NoContent> {
    let id = id.parse().map_err(|_| Error::NotFound("stream"))?;
    stop(&platform, identity.account, id).await.map(|()| NoContent)
}

async fn stop(platform: &Platform, account: AccountId, device: Uuid) -> Result<()> {
    drop(platform.limits.take(&[(&ENDED_BY, &account.to_string())]).await?);
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let mut playing = Stream::list(conn, account, None, now).await?;
            playing.retain(|stream| stream.credential_id == device);
            if playing.is_empty() {
                return Err(Error::NotFound("stream"));
            }
            end(platform, conn, &playing).await
        })
        .await
}
