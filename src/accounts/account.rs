//! An account: its row and its queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::accounts;
use super::{Email, Handle};
use crate::platform::auth::Role;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::AccountId;

/// A row of `accounts.accounts`, but for the password's hash.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(super) struct Account {
    pub(super) id: AccountId,
    pub(super) handle: String,
    pub(super) email: String,
    pub(super) display_name: String,
    pub(super) role: Role,
    pub(super) email_confirmed_at: Option<DateTime<Utc>>,
    pub(super) created_at: DateTime<Utc>,
}

impl Account {
    /// Adds an account. A handle or an address that is taken is refused.
    pub(super) async fn insert(
        conn: &mut Conn,
        handle: &Handle,
        email: &Email,
        hash: &str,
        role: Role,
    ) -> Result<Self> {
        diesel::insert_into(accounts::table)
            .values((
                accounts::id.eq(AccountId::new()),
                accounts::handle.eq(handle.as_str()),
                accounts::email.eq(email.as_str()),
                accounts::display_name.eq(handle.as_str()),
                accounts::password_hash.eq(hash),
                accounts::role.eq(role),
            ))
            .returning(Self::as_returning())
            .get_result(conn)
            .await
            .map_err(|cause| {
                Error::from(cause)
                    .on_constraint("accounts_handle", Code::HandleTaken)
                    .on_constraint("accounts_email", Code::EmailTaken)
            })
    }

    pub(super) async fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Self>> {
        let found = accounts::table.find(id).select(Self::as_select()).first(conn).await.optional()?;
        Ok(found)
    }

    /// The account behind a handle or an e-mail address, and its password's hash.
    pub(super) async fn find_by_login(conn: &mut Conn, login: &str) -> Result<Option<(Self, String)>> {
        let login = login.trim().to_lowercase();
        let found = accounts::table
            .filter(accounts::handle.eq(&login).or(accounts::email.eq(&login)))
            .select((Self::as_select(), accounts::password_hash))
            .first(conn)
            .await
            .optional()?;
        Ok(found)
    }
}

/// Façade: the account with this e-mail address, in lower case.
pub(crate) async fn find_by_email(conn: &mut Conn, email: &str) -> Result<Option<AccountId>> {
    let found = accounts::table.filter(accounts::email.eq(email)).select(accounts::id).first(conn);
    Ok(found.await.optional()?)
}
