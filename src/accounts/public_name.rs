//! Façade: accounts as other modules name them, and find them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::account::Account;
use super::schema::accounts;
use super::{Email, Handle, picture};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// What others call an account, and its face.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AccountName {
    pub(crate) id: AccountId,
    pub(crate) handle: String,
    pub(crate) display_name: String,
    /// Null where there is none.
    pub(crate) picture_url: Option<String>,
}

type Row = (AccountId, String, String, Option<String>);

/// Façade: the names of those accounts that there are, in no order.
pub(crate) async fn names(conn: &mut Conn, ids: &[AccountId]) -> Result<Vec<AccountName>> {
    let columns = (accounts::id, accounts::handle, accounts::display_name, accounts::picture_key);
    let rows: Vec<Row> = accounts::table.filter(accounts::id.eq_any(ids)).select(columns).load(conn).await?;
    Ok(rows.into_iter().map(AccountName::from).collect())
}

/// Façade: the same of those that everybody sees.
pub(crate) async fn names_of_those_there(conn: &mut Conn, ids: &[AccountId]) -> Result<Vec<AccountName>> {
    let columns = (accounts::id, accounts::handle, accounts::display_name, accounts::picture_key);
    let there = accounts::suspended_at.is_null().and(accounts::closing_until.is_null());
    let named = accounts::table.filter(accounts::id.eq_any(ids).and(there)).select(columns);
    let rows: Vec<Row> = named.load(conn).await?;
    Ok(rows.into_iter().map(AccountName::from).collect())
}

impl From<Row> for AccountName {
    fn from((id, handle, display_name, picture): Row) -> Self {
        Self { id, handle, display_name, picture_url: picture.as_deref().map(picture::url) }
    }
}

/// Façade: the account that has this handle, or had it; not one that is suspended or about to leave, as everybody sees it.
pub(crate) async fn find_by_handle(conn: &mut Conn, handle: &Handle) -> Result<Option<AccountId>> {
    let account = Account::find_by_handle(conn, handle.as_str()).await?;
    let is_there = |account: &Account| account.suspended_at.is_none() && account.closing_until.is_none();
    Ok(account.filter(is_there).map(|account| account.id))
}

/// Façade: whether everybody sees an account: it is neither suspended nor about to leave.
pub(crate) async fn is_there(conn: &mut Conn, id: AccountId) -> Result<bool> {
    let there = accounts::suspended_at.is_null().and(accounts::closing_until.is_null());
    let found: Option<AccountId> =
        accounts::table.find(id).filter(there).select(accounts::id).first(conn).await.optional()?;
    Ok(found.is_some())
}

/// Façade: the account that has proved that this address is its own.
pub(crate) async fn find_by_confirmed_email(conn: &mut Conn, email: &Email) -> Result<Option<AccountId>> {
    let confirmed = accounts::email.eq(email.as_str()).and(accounts::email_confirmed_at.is_not_null());
    Ok(accounts::table.filter(confirmed).select(accounts::id).first(conn).await.optional()?)
}

/// Façade: the address that an account has proved to be its own.
pub(crate) async fn confirmed_email(conn: &mut Conn, id: AccountId) -> Result<Option<String>> {
    let confirmed = accounts::table.find(id).filter(accounts::email_confirmed_at.is_not_null());
    Ok(confirmed.select(accounts::email).first(conn).await.optional()?)
}
