//! The ways into an account: it always keeps one.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::account::Account;
use super::schema::{linked_identities, passkeys};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::AccountId;

/// Refuses, after a way in was taken away, when it was the last one: neither a password nor a passkey nor an identity at
/// another provider is left. Two that take one each at the same time wait for each other at the account's row.
pub(super) async fn require_one(conn: &mut Conn, account: AccountId) -> Result<()> {
    let account = Account::lock(conn, account).await?.ok_or(Error::Unauthenticated)?;
    let passkey = exists(passkeys::table.filter(passkeys::account_id.eq(account.id)));
    let identity = exists(linked_identities::table.filter(linked_identities::account_id.eq(account.id)));
    let others: bool = diesel::select(passkey.or(identity)).get_result(conn).await?;
    if account.has_password || others { Ok(()) } else { Err(Error::Refused(Code::LastWayIn)) }
}
