//! List whom an account follows.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::follow::Follow;
use crate::accounts::{self, AccountName};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::AccountId;
use crate::streaming::place::Place;

/// An account that follows, or is followed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedFollow {
    account: AccountName,
    followed_at: DateTime<Utc>,
}

/// The accounts that the account follows, the latest first.
#[utoipa::path(tag = "company", params(PagingQuery), responses(
    (status = 200, body = Page<ListedFollow>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/followed-accounts")]
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
    let follows = Follow::list_followed(&mut conn, account, after, paging.limit).await?;
    named(&mut conn, Page::new(follows, paging.limit, Follow::place)).await
}

/// With the accounts' names.
pub(super) async fn named(conn: &mut Conn, page: Page<Follow>) -> Result<Page<ListedFollow>> {
    let ids: Vec<AccountId> = page.items.iter().map(|follow| follow.account_id).collect();
    let names = accounts::names(conn, &ids).await?;
    let items = page.items.into_iter().filter_map(|follow| {
        let account = names.iter().find(|name| name.id == follow.account_id)?.clone();
        Some(ListedFollow { account, followed_at: follow.followed_at })
    });
    Ok(Page { items: items.collect(), next_cursor: page.next_cursor })
}
