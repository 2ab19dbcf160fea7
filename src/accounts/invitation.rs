//! Invitations: who has the code of one may open an account where that is not open to everybody.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::schema::invitations;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{AccountId, InvitationId};
use crate::platform::secret;

/// A row of `accounts.invitations`, but for the code's hash.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = invitations)]
pub(crate) struct Invitation {
    pub(crate) id: InvitationId,
    /// What whoever invites wants to remember about it.
    pub(crate) note: String,
    /// Null when it was made on the command line, or when they are gone.
    pub(crate) created_by: Option<AccountId>,
    /// How many more accounts it opens.
    pub(crate) uses_left: i32,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

impl Invitation {
    /// Adds an invitation for whoever has the code.
    pub(super) async fn insert(
        conn: &mut Conn,
        code: &str,
        note: &str,
        created_by: Option<AccountId>,
        uses: i32,
        expires_at: DateTime<Utc>,
    ) -> Result<Self> {
        let added = diesel::insert_into(invitations::table)
            .values((
                invitations::id.eq(InvitationId::new()),
                invitations::code_hash.eq(secret::hash(code)),
                invitations::note.eq(note),
                invitations::created_by.eq(created_by),
                invitations::uses_left.eq(uses),
                invitations::expires_at.eq(expires_at),
            ))
            .returning(Self::as_returning());
        Ok(added.get_result(conn).await?)
    }

    /// All invitations that are not forgotten yet, newest first; those that are used up too.
    pub(super) async fn list(conn: &mut Conn, after: Option<InvitationId>, limit: i64) -> Result<Vec<Self>> {
        let mut list =
            invitations::table.order(invitations::id.desc()).limit(limit + 1).select(Self::as_select()).into_boxed();
        if let Some(after) = after {
            list = list.filter(invitations::id.lt(after));
        }
        Ok(list.load(conn).await?)
    }

    /// Takes an invitation back; false when there was none.
    pub(super) async fn delete(conn: &mut Conn, id: InvitationId) -> Result<bool> {
        Ok(diesel::delete(invitations::table.find(id)).execute(conn).await? > 0)
    }

    /// Forgets those whose time is over.
    pub(super) async fn delete_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
        Ok(diesel::delete(invitations::table.filter(invitations::expires_at.le(now))).execute(conn).await?)
    }
}

/// Takes one of an invitation's uses, in the transaction that opens the account: of two who come with the last one, the
/// second is refused. A code that is unknown, used up or too old is refused alike.
pub(super) async fn claim(conn: &mut Conn, code: &str, now: DateTime<Utc>) -> Result<InvitationId> {
    let good = invitations::table
        .filter(invitations::code_hash.eq(secret::hash(code)))
        .filter(invitations::uses_left.gt(0))
        .filter(invitations::expires_at.gt(now));
    let claimed = diesel::update(good)
        .set(invitations::uses_left.eq(invitations::uses_left - 1))
        .returning(invitations::id)
        .get_result(conn)
        .await
        .optional()?;
    claimed.ok_or(Error::Refused(Code::InvitationNeeded))
}
