//! Disconnect a service that an account's plays are told to.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::protocol::Service;
use super::scrobbler::Scrobbler;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::AccountId;

/// Disconnect a service: it is told nothing more, also of what waits. What it was told stays there.
#[utoipa::path(tag = "scrobbling", params(("service" = Service, Path)), responses((status = 204), (status = 401, body = Problem),
    (status = 404, body = Problem)))]
#[delete("/me/scrobblers/{service}")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity,
    service: Path<String>,
) -> Result<NoContent> {
    disconnect(&platform, identity.account, &service).await.map(|()| NoContent)
}

async fn disconnect(platform: &Platform, account: AccountId, service: &str) -> Result<()> {
    let missing = Error::NotFound("service");
    let Some(service) = Service::ALL.iter().copied().find(|known| known.name() == service) else { return Err(missing) };
    let was_there = Scrobbler::delete(&mut *platform.db.conn().await?, account, service).await?;
    if was_there { Ok(()) } else { Err(missing) }
}
