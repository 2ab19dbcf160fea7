//! Delete an API token.

use actix_web::delete;
use actix_web::web::Data;
use serde_json::json;

use super::api_token::ApiToken;
use super::audit;
use crate::platform::Platform;
use crate::platform::auth::{self, Identity, Subject};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, TokenId};

/// Delete an API token: it is worth nothing from now on, and what was granted to it ends.
#[utoipa::path(tag = "accounts", params(("id" = TokenId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/me/tokens/{id}")]
pub(super) async fn delete(platform: Data<Platform>, identity: Identity, Id(id): Id<TokenId>) -> Result<NoContent> {
    remove(&platform, id, identity.account).await?;
    Ok(NoContent)
}

async fn remove(platform: &Platform, id: TokenId, owner: AccountId) -> Result<()> {
    let subjects = [Subject::Token(id)];
    platform
        .db
        .transaction(async |conn| {
            if !ApiToken::delete(conn, id, owner).await? {
                return Err(Error::NotFound("token"));
            }
            audit::record(conn, Some(owner), owner, "token_deleted", json!({ "token": id })).await?;
            auth::revoke(conn, &platform.clock, &subjects).await
        })
        .await?;
    platform.auth.forget(&subjects);
    Ok(())
}
