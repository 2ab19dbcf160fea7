//! List the accounts of this server.

use actix_web::get;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::IntoParams;

use super::listed_account::{AccountState, Filter, ListedAccount};
use crate::platform::Platform;
use crate::platform::auth::{Admin, Identity, Role};
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery, Query};
use crate::platform::id::AccountId;

/// Accounts in one page of the command line's list.
const BATCH: i64 = 200;

/// Which accounts are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::accounts) struct AccountsQuery {
    /// A part of the handle or the e-mail address.
    q: Option<String>,
    role: Option<Role>,
    state: Option<AccountState>,
}

/// The accounts of this server, newest first.
#[utoipa::path(tag = "administration", params(AccountsQuery, PagingQuery), responses(
    (status = 200, body = Page<ListedAccount>), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 422, body = Problem)))]
#[get("/admin/accounts")]
pub(in crate::accounts) async fn get(
    platform: Data<Platform>,
    _: Identity<Admin>,
    Query(query): Query<AccountsQuery>,
    paging: Paging<AccountId>,
) -> Result<Found<Page<ListedAccount>>> {
    let filter = Filter { words: query.q, role: query.role, state: query.state };
    let mut conn = platform.db.conn().await?;
    let list = ListedAccount::list(&mut conn, &filter, paging.after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |account| account.id)))
}

/// Façade: all accounts with these words in their handle or address, newest first, handed out page by page.
pub(crate) async fn every(
    conn: &mut Conn,
    words: Option<String>,
    mut hand_out: impl FnMut(&ListedAccount) + Send,
) -> Result<()> {
    let filter = Filter { words, ..Filter::default() };
    let mut after = None;
    loop {
        let Page { items, next_cursor } =
            Page::new(ListedAccount::list(conn, &filter, after, BATCH).await?, BATCH, |account| account.id);
        items.iter().for_each(&mut hand_out);
        after = items.last().map(|last| last.id);
        if next_cursor.is_none() {
            return Ok(());
        }
    }
}
