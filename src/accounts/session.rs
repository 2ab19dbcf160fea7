//! Sessions: a signed-in device, known by the hash of its token.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::sessions;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, SessionId};

/// How long a session lives.
pub(super) const LIFETIME: TimeDelta = TimeDelta::days(30);

/// A row of `accounts.sessions`, but for the token's hash.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(super) struct Session {
    pub(super) expires_at: DateTime<Utc>,
}

impl Session {
    pub(super) async fn insert(
        conn: &mut Conn,
        account: AccountId,
        token_hash: &[u8],
        device: &str,
        expires_at: DateTime<Utc>,
    ) -> Result<Self> {
        let session = diesel::insert_into(sessions::table)
            .values((
                sessions::id.eq(SessionId::new()),
                sessions::account_id.eq(account),
                sessions::token_hash.eq(token_hash),
                sessions::device.eq(device),
                sessions::expires_at.eq(expires_at),
            ))
            .returning(Self::as_returning())
            .get_result(conn)
            .await?;
        Ok(session)
    }

    /// Ends a session of this account; false when there was none.
    pub(super) async fn delete(conn: &mut Conn, id: SessionId, account: AccountId) -> Result<bool> {
        let gone =
            diesel::delete(sessions::table.find(id).filter(sessions::account_id.eq(account))).execute(conn).await?;
        Ok(gone > 0)
    }

    /// Forgets sessions whose time is over.
    pub(super) async fn delete_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
        Ok(diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(conn).await?)
    }

    async fn find_identity(conn: &mut Conn, hash: &[u8], now: DateTime<Utc>) -> Result<Option<(AccountId, SessionId)>> {
        let found = sessions::table
            .filter(sessions::token_hash.eq(hash))
            .filter(sessions::expires_at.gt(now))
            .select((sessions::account_id, sessions::id))
            .first(conn)
            .await
            .optional()?;
        Ok(found)
    }
}

/// Façade: the identity that a token proves, if its session lives. One indexed query.
pub(crate) async fn identity(platform: Platform, token_hash: Vec<u8>) -> Result<Option<Identity>> {
    let mut conn = platform.db.conn().await?;
    let found = Session::find_identity(&mut conn, &token_hash, platform.clock.now()).await?;
    Ok(found.map(|(account, session)| Identity { account, session }))
}
