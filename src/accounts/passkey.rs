//! Passkeys: their rows and their queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use webauthn_rs::prelude::Passkey as Credential;

use super::name::Name;
use super::schema::{accounts, passkeys};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{AccountId, PasskeyId};

/// As many as an account may have.
pub(super) const MAX: i64 = 20;

/// A passkey as its owner sees it.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = passkeys)]
pub(crate) struct Passkey {
    pub(super) id: PasskeyId,
    /// What its owner calls it.
    name: String,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

/// A passkey as it is verified.
pub(super) struct Lock {
    pub(super) id: PasskeyId,
    pub(super) account: AccountId,
    pub(super) credential: Credential,
}

impl Passkey {
    /// Adds a passkey; one that is anybody's already is refused.
    pub(super) async fn insert(
        conn: &mut Conn,
        account: AccountId,
        name: &Name,
        credential: &Credential,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        diesel::insert_into(passkeys::table)
            .values((
                passkeys::id.eq(PasskeyId::new()),
                passkeys::account_id.eq(account),
                passkeys::credential_id.eq(credential.cred_id().as_slice()),
                passkeys::name.eq(name.as_str()),
                passkeys::credential.eq(json(credential)?),
                passkeys::created_at.eq(now),
            ))
            .returning(Self::as_returning())
            .get_result(conn)
            .await
            .map_err(|cause| Error::from(cause).on_constraint("passkeys_credential_id", Code::PasskeyRefused))
    }

    /// An account's passkeys, the newest first.
    pub(super) async fn list(conn: &mut Conn, account: AccountId) -> Result<Vec<Self>> {
        let own = passkeys::table.filter(passkeys::account_id.eq(account)).order(passkeys::id.desc());
        Ok(own.select(Self::as_select()).load(conn).await?)
    }

    pub(super) async fn count(conn: &mut Conn, account: AccountId) -> Result<i64> {
        Ok(passkeys::table.filter(passkeys::account_id.eq(account)).count().get_result(conn).await?)
    }

    /// What authenticators call the account's passkeys: one that holds any makes no second.
    pub(super) async fn credential_ids(conn: &mut Conn, account: AccountId) -> Result<Vec<Vec<u8>>> {
        let own = passkeys::table.filter(passkeys::account_id.eq(account));
        Ok(own.select(passkeys::credential_id).load(conn).await?)
    }

    /// Renames a passkey of this account; none where there is no such.
    pub(super) async fn rename(
        conn: &mut Conn,
        id: PasskeyId,
        account: AccountId,
        name: &Name,
    ) -> Result<Option<Self>> {
        let renamed = diesel::update(passkeys::table.find(id).filter(passkeys::account_id.eq(account)))
            .set(passkeys::name.eq(name.as_str()))
            .returning(Self::as_returning())
            .get_result(conn)
            .await
            .optional()?;
        Ok(renamed)
    }

    /// Forgets a passkey of this account; false when there was none.
    pub(super) async fn delete(conn: &mut Conn, id: PasskeyId, account: AccountId) -> Result<bool> {
        let own = passkeys::table.find(id).filter(passkeys::account_id.eq(account));
        Ok(diesel::delete(own).execute(conn).await? == 1)
    }
}

impl Lock {
    /// The passkey with this credential id of the account with this user handle, which nobody else uses until this
    /// transaction ends: a counter goes up once.
    pub(super) async fn take(conn: &mut Conn, user: Uuid, credential_id: &[u8]) -> Result<Option<Self>> {
        let owner = accounts::table.filter(accounts::passkey_user_id.eq(user)).select(accounts::id);
        let found: Option<(PasskeyId, AccountId, Value)> = passkeys::table
            .filter(passkeys::credential_id.eq(credential_id))
            .filter(passkeys::account_id.eq_any(owner))
            .select((passkeys::id, passkeys::account_id, passkeys::credential))
            .for_update()
            .first(conn)
            .await
            .optional()?;
        let Some((id, account, credential)) = found else { return Ok(None) };
        let credential = serde_json::from_value(credential).map_err(anyhow::Error::from)?;
        Ok(Some(Self { id, account, credential }))
    }

    /// Notes a use, with the counter and the flags that came with it.
    pub(super) async fn note_use(&self, conn: &mut Conn, now: DateTime<Utc>) -> Result<()> {
        diesel::update(passkeys::table.find(self.id))
            .set((passkeys::credential.eq(json(&self.credential)?), passkeys::last_used_at.eq(now)))
            .execute(conn)
            .await?;
        Ok(())
    }
}

fn json(credential: &Credential) -> Result<Value> {
    Ok(serde_json::to_value(credential).map_err(anyhow::Error::from)?)
}
