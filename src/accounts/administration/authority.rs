//! Who may do what to whom, decided in SQL, in the transaction of the act.
//!
//! An act takes the rows that its rule is about before it looks, in the order of their ids, so that two acts on each other
//! take turns: who acts, whom it is done to, and every administrator, for the server must keep one.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::accounts::schema::{accounts, passkeys, recovery_codes, totps};
use crate::platform::auth::Role;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::AccountId;

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Account(AccountId),
    /// Whoever has the command line has the database.
    CommandLine,
}

#[derive(QueryableByName)]
struct RoleBefore {
    #[diesel(sql_type = Text)]
    role: Role,
}

/// What an account was before it was suspended or reinstated.
#[derive(QueryableByName)]
pub(super) struct Before {
    #[diesel(sql_type = Bool)]
    pub(super) suspended: bool,
    #[diesel(sql_type = Text)]
    pub(super) role: Role,
}

// $1 is whom it is done to; $2 who acts, null for the command line.
macro_rules! if_admin {
    ($statement:literal, $returning:literal) => {
        concat!(
            $statement,
            " and ($2::uuid is null or exists (
                select 1 from accounts.accounts actor where actor.id = $2 and actor.role = 'admin'
                  and actor.suspended_at is null and actor.closing_until is null)) returning ",
            $returning
        )
    };
}

// The same for moderators, who act on listeners alone. Administrators act on everybody but themselves.
macro_rules! if_moderator {
    ($statement:literal, $returning:literal) => {
        concat!(
            $statement,
            " and ($2::uuid is null or exists (
                select 1 from accounts.accounts actor where actor.id = $2 and actor.id <> target.id
                  and actor.suspended_at is null and actor.closing_until is null
                  and (actor.role = 'admin' or (actor.role = 'moderator' and target.role = 'listener')))) returning ",
            $returning
        )
    };
}

impl By {
    /// Their id; none for the command line.
    pub(crate) fn account(self) -> Option<AccountId> {
        match self {
            Self::Account(id) => Some(id),
            Self::CommandLine => None,
        }
    }

    /// Takes the rows that an act's rule is about; 404 where the account is gone.
    pub(super) async fn lock(self, conn: &mut Conn, target: AccountId) -> Result<()> {
        let ids: Vec<AccountId> = self.account().into_iter().chain([target]).collect();
        if lock_with_admins(conn, &ids).await?.contains(&target) { Ok(()) } else { Err(Error::NotFound("account")) }
    }

    /// Refuses who is no administrator, or no longer one. Nobody changes that until the transaction ends.
    pub(super) async fn require_admin(self, conn: &mut Conn) -> Result<()> {
        let Self::Account(id) = self else { return Ok(()) };
        let admin: Option<AccountId> = accounts::table
            .find(id)
            .filter(accounts::role.eq(Role::Admin))
            .filter(accounts::suspended_at.is_null().and(accounts::closing_until.is_null()))
            .select(accounts::id)
            .for_share()
            .first(conn)
            .await
            .optional()?;
        admin.map(drop).ok_or(Error::Forbidden)
    }

    /// Gives an account a role, and answers with the one before.
    pub(super) async fn set_role(self, conn: &mut Conn, target: AccountId, role: Role) -> Result<Role> {
        let changed = prepared(
            sql(if_admin!(
                "update accounts.accounts target set role = $3
                 from (select id, role from accounts.accounts where id = $1) before
                 where target.id = before.id",
                "before.role"
            ))
            .bind::<SqlUuid, _>(target)
            .bind::<Nullable<SqlUuid>, _>(self.account())
            .bind::<Text, _>(role),
        );
        let before: Option<RoleBefore> = changed.get_result(conn).await.optional()?;
        before.map(|before| before.role).ok_or(Error::Forbidden)
    }

    /// Suspends an account, or gives another reason.
    pub(super) async fn suspend(
        self,
        conn: &mut Conn,
        target: AccountId,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<Before> {
        let changed = prepared(
            sql(if_moderator!(
                "update accounts.accounts target
                 set suspended_at = coalesce(target.suspended_at, $4), suspension_reason = $3
                 from (select id, suspended_at from accounts.accounts where id = $1) before
                 where target.id = before.id",
                "before.suspended_at is not null as suspended, target.role"
            ))
            .bind::<SqlUuid, _>(target)
            .bind::<Nullable<SqlUuid>, _>(self.account())
            .bind::<Text, _>(reason)
            .bind::<Timestamptz, _>(at),
        );
        let before: Option<Before> = changed.get_result(conn).await.optional()?;
        before.ok_or(Error::Forbidden)
    }

    /// Lets an account back in.
    pub(super) async fn reinstate(self, conn: &mut Conn, target: AccountId) -> Result<Before> {
        let changed = prepared(
            sql(if_moderator!(
                "update accounts.accounts target set suspended_at = null, suspension_reason = null
                 from (select id, suspended_at from accounts.accounts where id = $1) before
                 where target.id = before.id",
                "before.suspended_at is not null as suspended, target.role"
            ))
            .bind::<SqlUuid, _>(target)
            .bind::<Nullable<SqlUuid>, _>(self.account()),
        );
        let before: Option<Before> = changed.get_result(conn).await.optional()?;
        before.ok_or(Error::Forbidden)
    }
}

/// Takes the rows of these accounts and of all administrators; answers with those that are there.
pub(in crate::accounts) async fn lock_with_admins(conn: &mut Conn, ids: &[AccountId]) -> Result<Vec<AccountId>> {
    let taken = accounts::table
        .filter(accounts::id.eq_any(ids).or(accounts::role.eq(Role::Admin)))
        .order(accounts::id)
        .select(accounts::id)
        .for_update();
    Ok(taken.load(conn).await?)
}

/// Refuses what has just left the server without an administrator. The caller has locked them all before.
pub(in crate::accounts) async fn require_admin_left(conn: &mut Conn) -> Result<()> {
    let active = accounts::table
        .filter(accounts::role.eq(Role::Admin))
        .filter(accounts::suspended_at.is_null().and(accounts::closing_until.is_null()));
    let is_left: bool = diesel::select(diesel::dsl::exists(active)).get_result(conn).await?;
    if is_left { Ok(()) } else { Err(Error::Refused(Code::LastAdmin)) }
}

/// Takes all second factors away. The caller has asked who may.
pub(super) async fn delete_factors(conn: &mut Conn, target: AccountId) -> Result<()> {
    diesel::delete(totps::table.find(target)).execute(conn).await?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(target))).execute(conn).await?;
    diesel::delete(passkeys::table.filter(passkeys::account_id.eq(target))).execute(conn).await?;
    Ok(())
}
