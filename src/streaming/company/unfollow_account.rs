//! Follow an account no longer.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::follow::Follow;
use super::follow_account::find;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::AccountId;

/// Follow an account no longer. One that nobody sees any more goes by its id.
#[utoipa::path(tag = "company", params(("handle" = String, Path, description = "Handle or id")), responses((status = 204),
    (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/accounts/{handle}/following")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    handle: Path<String>,
) -> Result<NoContent> {
    unfollow(&platform, identity.account, handle.into_inner()).await.map(|()| NoContent)
}

async fn unfollow(platform: &Platform, follower: AccountId, handle: String) -> Result<()> {
    let mut conn = platform.db.conn().await?;
    let followed = match handle.parse() {
        Ok(id) => id,
        Err(_) => find(&mut conn, handle).await?,
    };
    Follow::delete(&mut conn, follower, followed).await.map(drop)
}
