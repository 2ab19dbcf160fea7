//! The way back to an address that an account had.
//!
//! It is laid in the transaction that changes the address, and its key is made only when the letter goes out: a restoration
//! closes every way that was laid after the one it went, those too whose letter still waits somewhere.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::letter_code::{LetterCode, Purpose};
use super::schema::letter_codes;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// Lays the way from now on. Nobody has its key yet.
pub(super) async fn lay(conn: &mut Conn, account: AccountId, email: &str, now: DateTime<Utc>) -> Result<()> {
    LetterCode::insert(conn, account, Purpose::RestoreEmail, Some(email), now).await.map(drop)
}

/// Closes the ways of this account that were laid since.
pub(super) async fn close(conn: &mut Conn, account: AccountId, since: DateTime<Utc>) -> Result<()> {
    let later = letter_codes::table
        .filter(letter_codes::account_id.eq(account))
        .filter(letter_codes::purpose.eq(Purpose::RestoreEmail))
        .filter(letter_codes::created_at.ge(since));
    diesel::delete(later).execute(conn).await?;
    Ok(())
}

/// Whether a way of another account leads to this address: until it is closed, nobody else gets the address.
pub(super) async fn is_kept_from(conn: &mut Conn, account: AccountId, email: &str) -> Result<bool> {
    let ways = letter_codes::table
        .filter(letter_codes::purpose.eq(Purpose::RestoreEmail))
        .filter(letter_codes::email.eq(email))
        .filter(letter_codes::account_id.ne(account));
    Ok(diesel::select(diesel::dsl::exists(ways)).get_result(conn).await?)
}
