//! Follow an account.

use actix_web::put;
use actix_web::web::{Data, Path};

use super::follow::Follow;
use crate::accounts::{self, Handle};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::AccountId;

/// Accounts that one account follows.
const MOST: i64 = 5000;

/// Follow an account, to see what it hears where it shares that. It sees who follows it, and may remove them.
#[utoipa::path(tag = "company", params(("handle" = String, Path)), responses((status = 204), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
#[put("/accounts/{handle}/following")]
pub(in crate::streaming) async fn put(
    platform: Data<Platform>,
    identity: Identity<Library>,
    handle: Path<String>,
) -> Result<NoContent> {
    follow(&platform, identity.account, handle.into_inner()).await.map(|()| NoContent)
}

async fn follow(platform: &Platform, follower: AccountId, handle: String) -> Result<()> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let followed = find(conn, handle).await?;
            if followed == follower {
                return Err(Error::invalid("handle", "Nobody follows themselves."));
            }
            let is_new = Follow::insert(conn, follower, followed, now).await?;
            if is_new && Follow::count_followed(conn, follower).await? > MOST {
                return Err(Error::Refused(Code::LimitReached));
            }
            Ok(())
        })
        .await
}

/// The account with this handle, as far as everybody sees it.
pub(super) async fn find(conn: &mut Conn, handle: String) -> Result<AccountId> {
    let handle = Handle::try_from(handle).map_err(|_| Error::NotFound("account"))?;
    accounts::find_by_handle(conn, &handle).await?.ok_or(Error::NotFound("account"))
}
