//! Linked identities: accounts at other providers that prove who somebody is here.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::provider::Vouched;
use super::schema::linked_identities;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{AccountId, LinkedIdentityId};

/// A row of `accounts.linked_identities`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = linked_identities)]
pub(super) struct LinkedIdentity {
    pub(super) id: LinkedIdentityId,
    pub(super) account_id: AccountId,
    /// The provider's name in the configuration, which may have gone from there.
    pub(super) provider: String,
    /// The address that the provider told last.
    pub(super) email: Option<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) last_used_at: Option<DateTime<Utc>>,
}

impl LinkedIdentity {
    /// Links whom a provider vouched for to an account. Somebody who is linked already is refused.
    pub(super) async fn insert(
        conn: &mut Conn,
        account: AccountId,
        vouched: &Vouched,
        now: DateTime<Utc>,
    ) -> Result<()> {
        diesel::insert_into(linked_identities::table)
            .values((
                linked_identities::id.eq(LinkedIdentityId::new()),
                linked_identities::account_id.eq(account),
                linked_identities::provider.eq(&vouched.provider),
                linked_identities::subject.eq(&vouched.subject),
                linked_identities::email.eq(vouched.email.as_ref().map(super::Email::as_str)),
                linked_identities::created_at.eq(now),
            ))
            .execute(conn)
            .await
            .map_err(|cause| Error::from(cause).on_constraint("linked_identities_subject", Code::LinkedElsewhere))?;
        Ok(())
    }

    /// Whom a provider vouched for, if they are linked.
    pub(super) async fn find(conn: &mut Conn, vouched: &Vouched) -> Result<Option<Self>> {
        let found = linked_identities::table
            .filter(linked_identities::provider.eq(&vouched.provider))
            .filter(linked_identities::subject.eq(&vouched.subject))
            .select(Self::as_select())
            .first(conn)
            .await
            .optional()?;
        Ok(found)
    }

    /// Notes that it was used, and the address that the provider told.
    pub(super) async fn touch(&self, conn: &mut Conn, vouched: &Vouched, now: DateTime<Utc>) -> Result<()> {
        diesel::update(linked_identities::table.find(self.id))
            .set((
                linked_identities::last_used_at.eq(now),
                linked_identities::email.eq(vouched.email.as_ref().map(super::Email::as_str)),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// An account's identities, the oldest first.
    pub(super) async fn list(conn: &mut Conn, account: AccountId) -> Result<Vec<Self>> {
        let list = linked_identities::table
            .filter(linked_identities::account_id.eq(account))
            .order(linked_identities::id)
            .select(Self::as_select())
            .load(conn)
            .await?;
        Ok(list)
    }

    /// Parts all identities from an account.
    pub(super) async fn delete_all(conn: &mut Conn, account: AccountId) -> Result<()> {
        let own = linked_identities::table.filter(linked_identities::account_id.eq(account));
        diesel::delete(own).execute(conn).await?;
        Ok(())
    }

    /// Parts an identity from this account; false when it is not its own.
    pub(super) async fn delete(conn: &mut Conn, id: LinkedIdentityId, account: AccountId) -> Result<bool> {
        let own = linked_identities::table.find(id).filter(linked_identities::account_id.eq(account));
        Ok(diesel::delete(own).execute(conn).await? > 0)
    }
}
