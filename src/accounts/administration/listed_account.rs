//! An account as administrators see it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::account::Account;
use crate::platform::auth::Role;
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::AccountId;

named! {
    /// Where an account stands.
    pub(crate) enum AccountState {
        Active = "active",
        /// A moderator has suspended it.
        Suspended = "suspended",
        /// Its owner has closed it; until it is erased, they may come back.
        Closing = "closing",
    }
}

/// An account as administrators see it.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(crate) struct ListedAccount {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: AccountId,
    #[diesel(sql_type = Text)]
    pub(crate) handle: String,
    #[diesel(sql_type = Text)]
    pub(crate) display_name: String,
    #[diesel(sql_type = Text)]
    pub(crate) email: String,
    #[diesel(sql_type = Bool)]
    pub(crate) email_confirmed: bool,
    #[diesel(sql_type = Text)]
    pub(crate) role: Role,
    #[diesel(sql_type = Text)]
    pub(crate) state: AccountState,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(crate) suspended_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) suspension_reason: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(crate) closing_until: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) created_at: DateTime<Utc>,
    /// Of its sessions; null where it has none.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(crate) last_used_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    pub(crate) has_password: bool,
    /// Whether an authenticator is set up.
    #[diesel(sql_type = Bool)]
    pub(crate) has_totp: bool,
    #[diesel(sql_type = BigInt)]
    pub(crate) passkey_count: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) session_count: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) token_count: i64,
}

/// Which accounts are asked for; what is absent does not matter.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// A part of the handle or the e-mail address.
    pub(super) words: Option<String>,
    pub(super) role: Option<Role>,
    pub(super) state: Option<AccountState>,
}

macro_rules! select_accounts {
    ($rest:literal) => {
        concat!(
            "select a.id, a.handle, a.display_name, a.email, a.email_confirmed_at is not null as email_confirmed, a.role,
                    case when a.closing_until is not null then 'closing' when a.suspended_at is not null then 'suspended'
                         else 'active' end as state,
                    a.suspended_at, a.suspension_reason, a.closing_until, a.created_at, s.last_used_at,
                    a.password_hash is not null as has_password,
                    exists (select 1 from accounts.totps t where t.account_id = a.id and t.confirmed_at is not null) as has_totp,
                    (select count(*) from accounts.passkeys p where p.account_id = a.id) as passkey_count,
                    s.session_count,
                    (select count(*) from accounts.api_tokens t where t.account_id = a.id) as token_count
             from accounts.accounts a
             cross join lateral (
                select count(*) as session_count, max(s.last_used_at) as last_used_at
                from accounts.sessions s where s.account_id = a.id
             ) s ",
            $rest
        )
    };
}

impl ListedAccount {
    pub(super) async fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Self>> {
        let found = prepared(sql(select_accounts!("where a.id = $1")).bind::<SqlUuid, _>(id));
        Ok(found.get_result(conn).await.optional()?)
    }

    /// Accounts, newest first.
    pub(super) async fn list(
        conn: &mut Conn,
        filter: &Filter,
        after: Option<AccountId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let words = filter.words.as_deref().map(|words| words.trim().to_lowercase());
        let list = prepared(
            sql(select_accounts!(
                "where ($1::uuid is null or a.id < $1)
                   and ($2::text is null or position($2 in a.handle) > 0 or position($2 in a.email) > 0)
                   and ($3::text is null or a.role = $3)
                   and ($4::text is null or $4 = case when a.closing_until is not null then 'closing'
                        when a.suspended_at is not null then 'suspended' else 'active' end)
                 order by a.id desc limit $5 + 1"
            ))
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<Nullable<Text>, _>(words)
            .bind::<Nullable<Text>, _>(filter.role)
            .bind::<Nullable<Text>, _>(filter.state)
            .bind::<BigInt, _>(limit),
        );
        Ok(list.load(conn).await?)
    }
}

/// Façade: the account behind a handle or an e-mail address.
pub(crate) async fn find_by_login(conn: &mut Conn, login: &str) -> Result<Option<AccountId>> {
    let found = Account::find_by_login(conn, login).await?;
    Ok(found.map(|(account, _)| account.id))
}
