//! Registrations that wait for the confirmation of their address.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::registrations;
use super::{Email, Handle, Language};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::InvitationId;

/// A row of `accounts.registrations`, but for the hash of its code.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub(super) struct Registration {
    pub(super) id: Uuid,
    pub(super) handle: String,
    pub(super) email: String,
    pub(super) password_hash: String,
    pub(super) language: Language,
}

/// What somebody filled in.
pub(super) struct Waiting<'a> {
    pub(super) handle: &'a Handle,
    pub(super) email: &'a Email,
    pub(super) password_hash: &'a str,
    pub(super) language: Language,
    pub(super) invitation: Option<InvitationId>,
    pub(super) now: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

impl Registration {
    /// Keeps it, and its handle, until it expires. A handle that waits already, or is taken, is refused.
    pub(super) async fn insert(conn: &mut Conn, waiting: Waiting<'_>) -> Result<Uuid> {
        let id = Uuid::now_v7();
        let over = registrations::table
            .filter(registrations::handle.eq(waiting.handle.as_str()))
            .filter(registrations::expires_at.le(waiting.now));
        diesel::delete(over).execute(conn).await?;
        diesel::insert_into(registrations::table)
            .values((
                registrations::id.eq(id),
                registrations::handle.eq(waiting.handle.as_str()),
                registrations::email.eq(waiting.email.as_str()),
                registrations::password_hash.eq(waiting.password_hash),
                registrations::language.eq(waiting.language),
                registrations::invitation_id.eq(waiting.invitation),
                registrations::created_at.eq(waiting.now),
                registrations::expires_at.eq(waiting.expires_at),
            ))
            .execute(conn)
            .await
            .map_err(|cause| Error::from(cause).on_constraint("registrations_handle", Code::HandleTaken))?;
        Ok(id)
    }

    pub(super) async fn find(conn: &mut Conn, id: Uuid) -> Result<Option<Self>> {
        Ok(registrations::table.find(id).select(Self::as_select()).first(conn).await.optional()?)
    }

    /// Notes the code that its letter carries.
    pub(super) async fn set_code(conn: &mut Conn, id: Uuid, token_hash: &[u8]) -> Result<()> {
        diesel::update(registrations::table.find(id))
            .set(registrations::token_hash.eq(token_hash))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Takes the registration that a code confirms; nobody takes it twice.
    pub(super) async fn take(conn: &mut Conn, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<Self>> {
        let confirmed = registrations::table
            .filter(registrations::token_hash.eq(token_hash))
            .filter(registrations::expires_at.gt(now));
        Ok(diesel::delete(confirmed).returning(Self::as_returning()).get_result(conn).await.optional()?)
    }

    /// Whether a registration keeps this handle.
    pub(super) async fn holds_handle(conn: &mut Conn, handle: &str, now: DateTime<Utc>) -> Result<bool> {
        let waiting =
            registrations::table.filter(registrations::handle.eq(handle)).filter(registrations::expires_at.gt(now));
        Ok(diesel::select(diesel::dsl::exists(waiting)).get_result(conn).await?)
    }

    /// Forgets those that nobody confirmed in time.
    pub(super) async fn delete_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
        Ok(diesel::delete(registrations::table.filter(registrations::expires_at.le(now))).execute(conn).await?)
    }
}
