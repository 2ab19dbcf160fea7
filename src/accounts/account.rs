//! An account: its row and its queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::{accounts, handles};
use super::{Email, Handle, Language, way_back};
use crate::platform::auth::Role;
use crate::platform::db::{Conn, prepared, sql};
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
    pub(super) language: Language,
    pub(super) time_zone: String,
    pub(super) picture_key: Option<String>,
    pub(super) suspended_at: Option<DateTime<Utc>>,
    pub(super) closing_until: Option<DateTime<Utc>>,
    pub(super) passkey_user_id: Uuid,
    #[diesel(select_expression = accounts::password_hash.is_not_null())]
    pub(super) has_password: bool,
}

/// What an account begins with.
pub(super) struct Opening<'a> {
    pub(super) handle: &'a Handle,
    pub(super) email: &'a Email,
    /// None for who signs in by another provider.
    pub(super) password_hash: Option<&'a str>,
    pub(super) role: Role,
    pub(super) language: Language,
    pub(super) email_confirmed_at: Option<DateTime<Utc>>,
}

impl Account {
    /// Adds an account and takes its handle for good. A handle or an address that is taken is refused.
    pub(super) async fn insert(conn: &mut Conn, opening: Opening<'_>) -> Result<Self> {
        let account = diesel::insert_into(accounts::table)
            .values((
                accounts::id.eq(AccountId::new()),
                accounts::handle.eq(opening.handle.as_str()),
                accounts::email.eq(opening.email.as_str()),
                accounts::display_name.eq(opening.handle.as_str()),
                accounts::password_hash.eq(opening.password_hash),
                accounts::role.eq(opening.role),
                accounts::language.eq(opening.language),
                accounts::email_confirmed_at.eq(opening.email_confirmed_at),
            ))
            .returning(Self::as_returning())
            .get_result(conn)
            .await;
        let account: Self = account.map_err(clash)?;
        if way_back::is_kept_from(conn, account.id, opening.email.as_str()).await? {
            return Err(Error::Refused(Code::EmailTaken));
        }
        take_handle(conn, opening.handle, account.id).await?;
        Ok(account)
    }

    pub(super) async fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Self>> {
        let found = accounts::table.find(id).select(Self::as_select()).first(conn).await.optional()?;
        Ok(found)
    }

    /// The account, which nobody else changes until this transaction ends.
    pub(super) async fn lock(conn: &mut Conn, id: AccountId) -> Result<Option<Self>> {
        let found = accounts::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()?;
        Ok(found)
    }

    /// The account behind a handle or an e-mail address, and its password's hash.
    pub(super) async fn find_by_login(conn: &mut Conn, login: &str) -> Result<Option<(Self, Option<String>)>> {
        let login = login.trim().to_lowercase();
        let found = accounts::table
            .filter(accounts::handle.eq(&login).or(accounts::email.eq(&login)))
            .select((Self::as_select(), accounts::password_hash))
            .first(conn)
            .await
            .optional()?;
        Ok(found)
    }

    /// Whether a handle is anybody's, or was.
    pub(super) async fn has_handle(conn: &mut Conn, handle: &str) -> Result<bool> {
        Ok(diesel::select(diesel::dsl::exists(handles::table.find(handle))).get_result(conn).await?)
    }

    /// The hash of its password, if it has one.
    pub(super) async fn password_hash(conn: &mut Conn, id: AccountId) -> Result<Option<String>> {
        let found = accounts::table.find(id).select(accounts::password_hash).first(conn).await.optional()?;
        Ok(found.flatten())
    }

    /// The same, which nobody else changes until this transaction ends.
    pub(super) async fn lock_password_hash(conn: &mut Conn, id: AccountId) -> Result<Option<String>> {
        let row = accounts::table.find(id).select(accounts::password_hash).for_update();
        let found = row.first(conn).await.optional()?;
        Ok(found.flatten())
    }

    pub(super) async fn set_password_hash(conn: &mut Conn, id: AccountId, hash: &str) -> Result<()> {
        diesel::update(accounts::table.find(id)).set(accounts::password_hash.eq(hash)).execute(conn).await?;
        Ok(())
    }

    /// Replaces a hash by one of the same password with newer parameters, unless the password changed meanwhile.
    pub(super) async fn renew_password_hash(conn: &mut Conn, id: AccountId, old: &str, new: &str) -> Result<()> {
        let unchanged = accounts::table.find(id).filter(accounts::password_hash.eq(old));
        diesel::update(unchanged).set(accounts::password_hash.eq(new)).execute(conn).await?;
        Ok(())
    }

    /// Notes that the account's address is its owner's; false where it has another one.
    pub(super) async fn confirm_email(
        conn: &mut Conn,
        id: AccountId,
        email: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let confirm = prepared(
            sql("update accounts.accounts set email_confirmed_at = coalesce(email_confirmed_at, $3)
                 where id = $1 and email = $2")
            .bind::<SqlUuid, _>(id)
            .bind::<Nullable<Text>, _>(email)
            .bind::<Timestamptz, _>(now),
        );
        Ok(confirm.execute(conn).await? == 1)
    }

    /// Keeps an account that was about to be closed.
    pub(super) async fn reopen(conn: &mut Conn, id: AccountId) -> Result<()> {
        let open = accounts::closing_until.eq(None::<DateTime<Utc>>);
        diesel::update(accounts::table.find(id)).set(open).execute(conn).await?;
        Ok(())
    }
}

/// Takes a handle for an account; one that was ever another's is refused, one that was its own is its own again.
pub(super) async fn take_handle(conn: &mut Conn, handle: &Handle, account: AccountId) -> Result<()> {
    let taken = prepared(
        sql("insert into accounts.handles as taken (handle, account_id) values ($1, $2)
             on conflict (handle) do update set account_id = excluded.account_id where taken.account_id = excluded.account_id")
        .bind::<Text, _>(handle.as_str())
        .bind::<SqlUuid, _>(account),
    )
    .execute(conn)
    .await?;
    if taken == 1 { Ok(()) } else { Err(Error::Refused(Code::HandleTaken)) }
}

/// What a breach of the table's promises stands for.
pub(super) fn clash(cause: diesel::result::Error) -> Error {
    Error::from(cause)
        .on_constraint("accounts_handle", Code::HandleTaken)
        .on_constraint("accounts_email", Code::EmailTaken)
}

/// Façade: the account with this e-mail address, in lower case.
pub(crate) async fn find_by_email(conn: &mut Conn, email: &str) -> Result<Option<AccountId>> {
    let found = accounts::table.filter(accounts::email.eq(email)).select(accounts::id).first(conn);
    Ok(found.await.optional()?)
}
