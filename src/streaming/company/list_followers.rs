//! List who follows an account.

use actix_web::get;
use actix_web::web::Data;

use super::follow::Follow;
use super::list_followed_accounts::{ListedFollow, named};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::AccountId;
use crate::streaming::place::Place;

/// The accounts that follow the account, the latest first. Nobody else sees them.
#[utoipa::path(tag = "company", params(PagingQuery), responses(
    (status = 200, body = Page<ListedFollow>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/followers")]
pub(in crate::streaming) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    paging: Paging<Place<AccountId>>,
) -> Result<Found<Page<ListedFollow>>> {
    list(&platform, identity.account, &paging).await.map(Found)
}

async fn list(
    platform: &Platform,
    account: AccountId,
    paging: &Paging<Place<AccountId>>,
) -> Result<Page<ListedFollow>> {
    let after = Place::plausible(paging.after)?;
    let mut conn = platform.db.conn().await?;
    let follows = Follow::list_followers(&mut conn, account, after, paging.limit).await?;
    named(&mut conn, Page::new(follows, paging.limit, Follow::place)).await
}
