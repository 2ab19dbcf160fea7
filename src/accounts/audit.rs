//! The audit log: what was done to an account by others, and what changed who may do what.
//!
//! It outlives the account: ids and no names, for the law asks who did what, not who they were. An entry is made in the
//! transaction whose effect it tells of, so that there is none without the other.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::schema::audit_log;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, AuditId};

/// A line of an account's audit log.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = audit_log)]
pub(crate) struct AuditEntry {
    pub(crate) id: AuditId,
    /// Who did it; null when it was done on the command line.
    pub(crate) actor_id: Option<AccountId>,
    /// `role_changed`, `suspended`, `reinstated`, `second_factors_reset`, `access_revoked` …
    pub(crate) action: String,
    /// What else there is to say about it: no secrets, no names.
    #[schema(value_type = Object)]
    pub(crate) detail: Value,
    pub(crate) created_at: DateTime<Utc>,
}

impl AuditEntry {
    /// What was done to an account, newest first.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<AuditId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let mut log = audit_log::table
            .filter(audit_log::account_id.eq(account))
            .order(audit_log::id.desc())
            .limit(limit + 1)
            .select(Self::as_select())
            .into_boxed();
        if let Some(after) = after {
            log = log.filter(audit_log::id.lt(after));
        }
        Ok(log.load(conn).await?)
    }
}

/// When something was done to an account since a time, newest first.
pub(super) async fn times(
    conn: &mut Conn,
    account: AccountId,
    action: &'static str,
    since: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>> {
    let times = audit_log::table
        .filter(audit_log::account_id.eq(account))
        .filter(audit_log::action.eq(action))
        .filter(audit_log::created_at.gt(since))
        .order(audit_log::id.desc())
        .select(audit_log::created_at);
    Ok(times.load(conn).await?)
}

/// Notes in the caller's transaction what `actor` (nobody: the command line) did to an account.
pub(super) async fn record(
    conn: &mut Conn,
    actor: Option<AccountId>,
    account: AccountId,
    action: &'static str,
    detail: Value,
) -> Result<()> {
    diesel::insert_into(audit_log::table)
        .values((
            audit_log::id.eq(AuditId::new()),
            audit_log::actor_id.eq(actor),
            audit_log::account_id.eq(account),
            audit_log::action.eq(action),
            audit_log::detail.eq(detail),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
