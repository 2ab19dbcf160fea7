//! Sessions: a signed-in device, known by the hash of its token.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bytea, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::sessions;
use crate::platform::Platform;
use crate::platform::auth::{Credential, Presented, Proof, Role, Scopes};
use crate::platform::config::Config;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, SessionId};

/// A row of `accounts.sessions`, but for the token's hash.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(super) struct Session {
    pub(super) id: SessionId,
    /// What the device called itself.
    pub(super) device: String,
    /// Where it was last used from.
    pub(super) address: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) last_used_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

/// What a session begins with.
pub(super) struct NewSession<'a> {
    pub(super) account: AccountId,
    pub(super) token_hash: &'a [u8],
    pub(super) device: &'a str,
    pub(super) address: String,
    pub(super) now: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

impl Session {
    pub(super) async fn insert(conn: &mut Conn, new: NewSession<'_>) -> Result<Self> {
        let session = diesel::insert_into(sessions::table)
            .values((
                sessions::id.eq(SessionId::new()),
                sessions::account_id.eq(new.account),
                sessions::token_hash.eq(new.token_hash),
                sessions::device.eq(new.device),
                sessions::address.eq(new.address),
                sessions::created_at.eq(new.now),
                sessions::last_used_at.eq(new.now),
                sessions::authenticated_at.eq(new.now),
                sessions::expires_at.eq(new.expires_at),
            ))
            .returning(Self::as_returning())
            .get_result(conn)
            .await?;
        Ok(session)
    }

    /// The living sessions of an account, the one used last first.
    pub(super) async fn list(
        conn: &mut Conn,
        config: &Config,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Self>> {
        let living = sessions::expires_at.gt(now).and(sessions::last_used_at.gt(now - idle(config)));
        let listed = sessions::table
            .filter(sessions::account_id.eq(account))
            .filter(living)
            .order((sessions::last_used_at.desc(), sessions::id.desc()))
            .select(Self::as_select())
            .load(conn)
            .await?;
        Ok(listed)
    }

    /// Whether it has not ended.
    pub(super) async fn exists(conn: &mut Conn, id: SessionId) -> Result<bool> {
        Ok(diesel::select(diesel::dsl::exists(sessions::table.find(id))).get_result(conn).await?)
    }

    /// Its owner proved once more to be there.
    pub(super) async fn renew_authentication(conn: &mut Conn, id: SessionId, now: DateTime<Utc>) -> Result<()> {
        diesel::update(sessions::table.find(id)).set(sessions::authenticated_at.eq(now)).execute(conn).await?;
        Ok(())
    }

    /// Ends a session of this account; false when there was none.
    pub(super) async fn delete(conn: &mut Conn, id: SessionId, account: AccountId) -> Result<bool> {
        let gone =
            diesel::delete(sessions::table.find(id).filter(sessions::account_id.eq(account))).execute(conn).await?;
        Ok(gone > 0)
    }

    /// Ends an account's sessions, but for one, and answers with those that ended.
    pub(super) async fn delete_all(
        conn: &mut Conn,
        account: AccountId,
        except: Option<SessionId>,
    ) -> Result<Vec<SessionId>> {
        // No session has the nil id.
        let except = except.map_or(Uuid::nil(), SessionId::uuid);
        let ended =
            sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::id.ne(SessionId::from(except)));
        Ok(diesel::delete(ended).returning(sessions::id).get_results(conn).await?)
    }

    /// Forgets sessions whose time is over.
    pub(super) async fn delete_expired(conn: &mut Conn, config: &Config, now: DateTime<Utc>) -> Result<usize> {
        let over = sessions::expires_at.le(now).or(sessions::last_used_at.le(now - idle(config)));
        Ok(diesel::delete(sessions::table.filter(over)).execute(conn).await?)
    }
}

fn idle(config: &Config) -> TimeDelta {
    TimeDelta::from_std(config.session_idle).unwrap_or(TimeDelta::MAX)
}

#[derive(QueryableByName)]
struct Owner {
    #[diesel(sql_type = SqlUuid)]
    id: SessionId,
    #[diesel(sql_type = SqlUuid)]
    account_id: AccountId,
    #[diesel(sql_type = Text)]
    role: Role,
    #[diesel(sql_type = Timestamptz)]
    authenticated_at: DateTime<Utc>,
}

/// What a session's token proves, if it lives. One indexed query, which also notes the use, once in five minutes.
pub(super) async fn prove(platform: &Platform, presented: &Presented) -> Result<Option<Proof>> {
    let now = platform.clock.now();
    let query = prepared(
        sql("with used as (
                 update accounts.sessions set last_used_at = $2, address = $4
                 where token_hash = $1 and last_used_at < $2 - interval '5 minutes' and last_used_at > $3 and expires_at > $2)
             select s.id, s.account_id, a.role, s.authenticated_at
             from accounts.sessions s join accounts.accounts a on a.id = s.account_id
             where s.token_hash = $1 and s.expires_at > $2 and s.last_used_at > $3
               and a.suspended_at is null and a.closing_until is null")
        .bind::<Bytea, _>(&presented.hash)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(now - idle(&platform.config))
        .bind::<Text, _>(presented.address.to_string()),
    );
    let owner: Option<Owner> = query.get_result(&mut *platform.db.conn().await?).await.optional()?;
    Ok(owner.map(|owner| Proof {
        account: owner.account_id,
        role: owner.role,
        credential: Credential::Session(owner.id),
        scopes: Scopes::ALL,
        authenticated_at: owner.authenticated_at,
    }))
}
