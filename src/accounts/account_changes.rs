//! What of an account changes: the queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::account::{Account, clash};
use super::schema::{accounts, handles};
use super::{Handle, Language};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;

impl Account {
    /// The account that has this handle, or had it.
    pub(super) async fn find_by_handle(conn: &mut Conn, handle: &str) -> Result<Option<Self>> {
        let found = handles::table
            .inner_join(accounts::table)
            .filter(handles::handle.eq(handle))
            .select(Self::as_select())
            .first(conn)
            .await;
        Ok(found.optional()?)
    }

    /// Whether a handle was this account's before.
    pub(super) async fn had_handle(conn: &mut Conn, id: AccountId, handle: &Handle) -> Result<bool> {
        let own = handles::table.find(handle.as_str()).filter(handles::account_id.eq(id));
        Ok(diesel::select(diesel::dsl::exists(own)).get_result(conn).await?)
    }

    /// What the owner may change without further proof.
    pub(super) async fn edit(
        conn: &mut Conn,
        id: AccountId,
        display_name: &str,
        language: Language,
        time_zone: &str,
    ) -> Result<Self> {
        let edited = diesel::update(accounts::table.find(id))
            .set((
                accounts::display_name.eq(display_name),
                accounts::language.eq(language),
                accounts::time_zone.eq(time_zone),
            ))
            .returning(Self::as_returning());
        Ok(edited.get_result(conn).await?)
    }

    /// Shows another handle from now on; that it was taken is the caller's part.
    pub(super) async fn set_handle(conn: &mut Conn, id: AccountId, handle: &Handle) -> Result<Self> {
        let renamed = diesel::update(accounts::table.find(id))
            .set(accounts::handle.eq(handle.as_str()))
            .returning(Self::as_returning());
        renamed.get_result(conn).await.map_err(clash)
    }

    /// Another address, which a letter has reached. One that is another account's is refused.
    pub(super) async fn set_email(
        conn: &mut Conn,
        id: AccountId,
        email: &str,
        confirmed_at: DateTime<Utc>,
    ) -> Result<()> {
        diesel::update(accounts::table.find(id))
            .set((accounts::email.eq(email), accounts::email_confirmed_at.eq(confirmed_at)))
            .execute(conn)
            .await
            .map_err(clash)?;
        Ok(())
    }

    /// No password signs in any more, until a letter has set a new one.
    pub(super) async fn void_password(conn: &mut Conn, id: AccountId) -> Result<()> {
        let void = accounts::password_hash.eq(None::<String>);
        diesel::update(accounts::table.find(id)).set(void).execute(conn).await?;
        Ok(())
    }
}
