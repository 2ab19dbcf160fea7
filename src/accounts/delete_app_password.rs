//! Delete an app password.

use actix_web::delete;
use actix_web::web::Data;
use serde_json::json;

use super::app_password::AppPassword;
use super::audit;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, AppPasswordId};

/// Delete an app password: the client that has it is out.
#[utoipa::path(tag = "accounts", params(("id" = AppPasswordId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/me/app-passwords/{id}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity,
    Id(id): Id<AppPasswordId>,
) -> Result<NoContent> {
    remove(&platform.db, id, identity.account).await?;
    Ok(NoContent)
}

async fn remove(db: &Db, id: AppPasswordId, owner: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        if !AppPassword::delete(conn, id, owner).await? {
            return Err(Error::NotFound("app password"));
        }
        audit::record(conn, Some(owner), owner, "app_password_deleted", json!({ "app_password": id })).await
    })
    .await
}
