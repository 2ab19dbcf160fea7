//! Challenges: a sign-in whose first factor is proved, and whose second one is still wanted.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use secrecy::{ExposeSecret, SecretString};

use super::schema::challenges;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::platform::secret;

/// How long somebody may look for their authenticator.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// A row of `accounts.challenges`, but for the token's hash.
#[derive(Queryable, Selectable)]
#[diesel(table_name = challenges)]
pub(super) struct Challenge {
    account_id: AccountId,
}

impl Challenge {
    /// Notes what was proved, and answers with the token by which the sign-in goes on.
    pub(super) async fn insert(conn: &mut Conn, account: AccountId, now: DateTime<Utc>) -> Result<SecretString> {
        let token = secret::token("legato_f_")?;
        diesel::insert_into(challenges::table)
            .values((
                challenges::token_hash.eq(secret::hash(token.expose_secret())),
                challenges::account_id.eq(account),
                challenges::created_at.eq(now),
                challenges::expires_at.eq(now + LIFETIME),
            ))
            .execute(conn)
            .await?;
        Ok(token)
    }

    /// Whose sign-in it is; none where the token is unknown, over or used.
    pub(super) async fn find(conn: &mut Conn, token: &SecretString, now: DateTime<Utc>) -> Result<Option<AccountId>> {
        let hash = secret::hash(token.expose_secret());
        let living = challenges::table.find(hash).filter(challenges::expires_at.gt(now));
        let found: Option<Self> = living.select(Self::as_select()).first(conn).await.optional()?;
        Ok(found.map(|challenge| challenge.account_id))
    }

    /// The same, and nobody finds it again.
    pub(super) async fn take(conn: &mut Conn, token: &SecretString, now: DateTime<Utc>) -> Result<Option<AccountId>> {
        let hash = secret::hash(token.expose_secret());
        let living = challenges::table.find(hash).filter(challenges::expires_at.gt(now));
        let taken = diesel::delete(living).returning(Self::as_returning()).get_result(conn).await.optional()?;
        Ok(taken.map(|challenge: Self| challenge.account_id))
    }

    /// Ends an account's sign-ins that are half done.
    pub(super) async fn delete_all(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::delete(challenges::table.filter(challenges::account_id.eq(account))).execute(conn).await?;
        Ok(())
    }

    /// Forgets sign-ins that nobody went on with in time.
    pub(super) async fn delete_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
        Ok(diesel::delete(challenges::table.filter(challenges::expires_at.le(now))).execute(conn).await?)
    }
}
