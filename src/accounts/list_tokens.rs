//! List an account's API tokens.

use actix_web::get;
use actix_web::web::Data;

use super::api_token::ApiToken;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::TokenId;

/// The account's API tokens, newest first, without their secrets.
#[utoipa::path(tag = "accounts", params(PagingQuery), responses(
    (status = 200, body = Page<ApiToken>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/tokens")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity,
    paging: Paging<TokenId>,
) -> Result<Found<Page<ApiToken>>> {
    let mut conn = platform.db.conn().await?;
    let tokens = ApiToken::list(&mut conn, identity.account, paging.after, paging.limit).await?;
    Ok(Found(Page::new(tokens, paging.limit, |token| token.id)))
}
