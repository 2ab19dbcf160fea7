//! End a session, or all others.

use actix_web::delete;
use actix_web::web::Data;

use super::end_sessions::end_others;
use super::session::Session;
use crate::platform::Platform;
use crate::platform::auth::{self, Identity, Subject};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, SessionId};

/// Sign one device out; the one that asks, too.
#[utoipa::path(tag = "accounts", params(("id" = SessionId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/me/sessions/{id}")]
pub(super) async fn delete(platform: Data<Platform>, identity: Identity, Id(id): Id<SessionId>) -> Result<NoContent> {
    end(&platform, id, identity.account).await?;
    Ok(NoContent)
}

/// Sign all other devices out.
#[utoipa::path(tag = "accounts", responses((status = 204), (status = 401, body = Problem)))]
#[delete("/me/sessions")]
pub(super) async fn delete_others(platform: Data<Platform>, identity: Identity) -> Result<NoContent> {
    end_all_but(&platform, identity.account, identity.session()).await?;
    Ok(NoContent)
}

async fn end(platform: &Platform, id: SessionId, owner: AccountId) -> Result<()> {
    let subjects = [Subject::Session(id)];
    platform
        .db
        .transaction(async |conn| {
            if !Session::delete(conn, id, owner).await? {
                return Err(Error::NotFound("session"));
            }
            auth::revoke(conn, &platform.clock, &subjects).await
        })
        .await?;
    platform.auth.forget(&subjects);
    Ok(())
}

async fn end_all_but(platform: &Platform, owner: AccountId, kept: SessionId) -> Result<()> {
    let ended = platform.db.transaction(async |conn| end_others(conn, platform, owner, Some(kept)).await).await?;
    platform.auth.forget(&ended);
    Ok(())
}
