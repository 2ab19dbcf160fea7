//! Ways in that came to an account since a time: what a thief may have left behind.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{linked_identities, passkeys, recovery_codes, totps};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// Removes the authenticator, passkeys and linked identities that were added since; and all recovery codes, of which
/// nobody knows when they were made.
pub(super) async fn remove(conn: &mut Conn, account: AccountId, since: DateTime<Utc>) -> Result<()> {
    let totp = totps::table.find(account).filter(totps::created_at.ge(since));
    diesel::delete(totp).execute(conn).await?;
    let passkeys = passkeys::table.filter(passkeys::account_id.eq(account)).filter(passkeys::created_at.ge(since));
    diesel::delete(passkeys).execute(conn).await?;
    let linked = linked_identities::table
        .filter(linked_identities::account_id.eq(account))
        .filter(linked_identities::created_at.ge(since));
    diesel::delete(linked).execute(conn).await?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account))).execute(conn).await?;
    Ok(())
}
