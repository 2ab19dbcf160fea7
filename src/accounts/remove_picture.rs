//! Remove one's picture.

use actix_web::delete;
use actix_web::web::Data;

use super::account::Account;
use super::discard_picture;
use super::picture::Objects;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::AccountId;

/// Remove one's picture. Its address leads nowhere from now on.
#[utoipa::path(tag = "accounts", responses((status = 204), (status = 401, body = Problem)))]
#[delete("/me/picture")]
pub(super) async fn delete(platform: Data<Platform>, identity: Identity) -> Result<NoContent> {
    remove(&platform.db, identity.account).await?;
    Ok(NoContent)
}

async fn remove(db: &Db, id: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        Account::lock(conn, id).await?.ok_or(Error::Unauthenticated)?;
        let before = Objects::of_account(conn, id).await?;
        Objects::set(conn, id, None).await?;
        discard_picture::enqueue(conn, before.keys()).await
    })
    .await
}
