//! An export: an archive of everything that is an account's, and where it stands.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::schema::exports;
use crate::platform::db::{Conn, named};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ExportId};

/// How long an archive can be fetched: as long as the link in its letter.
pub(super) const LIFETIME: TimeDelta = TimeDelta::days(7);

named! {
    /// Where an export stands.
    pub(crate) enum ExportState {
        /// It is being made.
        Waiting = "waiting",
        /// It can be fetched.
        Ready = "ready",
        /// It could not be made; ask again.
        Failed = "failed",
    }
}

/// A row of `accounts.exports`.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = exports)]
pub(crate) struct Export {
    pub(crate) id: ExportId,
    pub(crate) state: ExportState,
    /// The archive's length, once it is ready.
    #[diesel(column_name = bytes)]
    pub(crate) size_bytes: Option<i64>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) finished_at: Option<DateTime<Utc>>,
    /// Until then it can be fetched.
    pub(crate) expires_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    pub(super) object_key: Option<String>,
}

impl Export {
    /// Adds one that waits; `None` where one waits already.
    pub(super) async fn insert(conn: &mut Conn, account: AccountId, now: DateTime<Utc>) -> Result<Option<Self>> {
        let added = diesel::insert_into(exports::table)
            .values((exports::id.eq(ExportId::new()), exports::account_id.eq(account), exports::created_at.eq(now)))
            .on_conflict_do_nothing()
            .returning(Self::as_returning());
        Ok(added.get_result(conn).await.optional()?)
    }

    /// The newest of an account, unless its time is over.
    pub(super) async fn newest(conn: &mut Conn, account: AccountId, now: DateTime<Utc>) -> Result<Option<Self>> {
        let newest = exports::table
            .filter(exports::account_id.eq(account))
            .filter(exports::expires_at.is_null().or(exports::expires_at.gt(now)))
            .order(exports::id.desc())
            .select(Self::as_select());
        Ok(newest.first(conn).await.optional()?)
    }

    /// The newest that can be fetched now.
    pub(super) async fn newest_ready(conn: &mut Conn, account: AccountId, now: DateTime<Utc>) -> Result<Option<Self>> {
        let ready = exports::table
            .filter(exports::account_id.eq(account).and(exports::state.eq(ExportState::Ready)))
            .filter(exports::expires_at.gt(now))
            .order(exports::id.desc())
            .select(Self::as_select());
        Ok(ready.first(conn).await.optional()?)
    }

    /// Whose export this is, as long as it waits.
    pub(super) async fn waits_for(conn: &mut Conn, id: ExportId) -> Result<Option<AccountId>> {
        let waiting = exports::table.find(id).filter(exports::state.eq(ExportState::Waiting));
        Ok(waiting.select(exports::account_id).first(conn).await.optional()?)
    }

    /// Makes an archive ready to be fetched; false when nobody waits for it any more.
    pub(super) async fn finish(
        conn: &mut Conn,
        id: ExportId,
        object_key: &str,
        size_bytes: u64,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let waiting = exports::table.find(id).filter(exports::state.eq(ExportState::Waiting));
        let finished = diesel::update(waiting)
            .set((
                exports::state.eq(ExportState::Ready),
                exports::object_key.eq(object_key),
                exports::bytes.eq(i64::try_from(size_bytes).unwrap_or(i64::MAX)),
                exports::finished_at.eq(now),
                exports::expires_at.eq(now + LIFETIME),
            ))
            .execute(conn)
            .await?;
        Ok(finished > 0)
    }

    /// Whether an archive is one that can be fetched.
    pub(super) async fn uses(conn: &mut Conn, key: &str) -> Result<bool> {
        let using = exports::table.filter(exports::object_key.eq(key));
        Ok(diesel::select(diesel::dsl::exists(using)).get_result(conn).await?)
    }

    /// Notes that it could not be made.
    pub(super) async fn fail(conn: &mut Conn, id: ExportId) -> Result<()> {
        let waiting = exports::table.find(id).filter(exports::state.eq(ExportState::Waiting));
        let finished_at = diesel::dsl::now;
        diesel::update(waiting)
            .set((exports::state.eq(ExportState::Failed), exports::finished_at.eq(finished_at)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Forgets the archives that a newer one takes the place of; answers with their keys.
    pub(super) async fn delete_older(conn: &mut Conn, account: AccountId, newest: ExportId) -> Result<Vec<String>> {
        let older = exports::table
            .filter(exports::account_id.eq(account).and(exports::id.lt(newest)))
            .filter(exports::state.ne(ExportState::Waiting));
        let keys: Vec<Option<String>> = diesel::delete(older).returning(exports::object_key).get_results(conn).await?;
        Ok(keys.into_iter().flatten().collect())
    }

    /// The keys of all archives of an account.
    pub(super) async fn keys(conn: &mut Conn, account: AccountId) -> Result<Vec<String>> {
        let own = exports::table.filter(exports::account_id.eq(account)).select(exports::object_key);
        let keys: Vec<Option<String>> = own.load(conn).await?;
        Ok(keys.into_iter().flatten().collect())
    }

    /// Forgets those whose time is over, and those that failed a week ago; answers with the keys of what they had.
    pub(super) async fn delete_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<String>> {
        let failed = exports::state.eq(ExportState::Failed).and(exports::created_at.le(now - LIFETIME));
        let old = exports::table.filter(exports::expires_at.le(now).assume_not_null().or(failed));
        let keys: Vec<Option<String>> = diesel::delete(old).returning(exports::object_key).get_results(conn).await?;
        Ok(keys.into_iter().flatten().collect())
    }
}
