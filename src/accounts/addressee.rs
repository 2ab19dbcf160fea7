//! Whom a letter goes to: what it needs to know of an account, a session, an archive.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Language;
use super::schema::{accounts, exports, sessions};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ExportId, SessionId};

/// What a letter needs to know of an account.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(super) struct Addressee {
    pub(super) id: AccountId,
    pub(super) handle: String,
    pub(super) display_name: String,
    pub(super) email: String,
    pub(super) email_confirmed_at: Option<DateTime<Utc>>,
    pub(super) language: Language,
    pub(super) time_zone: String,
    pub(super) suspension_reason: Option<String>,
    pub(super) closing_until: Option<DateTime<Utc>>,
}

impl Addressee {
    pub(super) async fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Self>> {
        Ok(accounts::table.find(id).select(Self::as_select()).first(conn).await.optional()?)
    }

    /// By handle or e-mail address.
    pub(super) async fn find_by_login(conn: &mut Conn, login: &str) -> Result<Option<Self>> {
        let login = login.trim().to_lowercase();
        let found = accounts::table
            .filter(accounts::handle.eq(&login).or(accounts::email.eq(&login)))
            .select(Self::as_select())
            .first(conn);
        Ok(found.await.optional()?)
    }

    /// Whether the account has proved that the address is its own.
    pub(super) fn is_confirmed(&self) -> bool {
        self.email_confirmed_at.is_some()
    }
}

/// Where somebody came in from.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(super) struct Arrived {
    pub(super) device: String,
    pub(super) address: String,
    pub(super) created_at: DateTime<Utc>,
}

impl Arrived {
    pub(super) async fn find(conn: &mut Conn, session: SessionId) -> Result<Option<Self>> {
        Ok(sessions::table.find(session).select(Self::as_select()).first(conn).await.optional()?)
    }
}

/// Until when an archive can be fetched; none where there is no such archive.
pub(super) async fn fetchable_until(conn: &mut Conn, export: ExportId) -> Result<Option<DateTime<Utc>>> {
    let found: Option<Option<DateTime<Utc>>> =
        exports::table.find(export).select(exports::expires_at).first(conn).await.optional()?;
    Ok(found.flatten())
}
