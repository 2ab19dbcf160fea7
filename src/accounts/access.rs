//! All that lets somebody in, ended at once: sessions, API tokens, app passwords, sign-ins that are half done.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::end_sessions;
use super::schema::{api_tokens, app_passwords, ceremonies, sessions};
use crate::platform::Platform;
use crate::platform::auth::{self, Subject};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// Ends every access to an account in the caller's transaction; streams and live channels end with it, in every process.
/// After the commit the caller lets this process forget what is answered (`platform.auth.forget`).
pub(super) async fn end_all(conn: &mut Conn, platform: &Platform, account: AccountId) -> Result<[Subject; 1]> {
    diesel::delete(sessions::table.filter(sessions::account_id.eq(account))).execute(conn).await?;
    diesel::delete(api_tokens::table.filter(api_tokens::account_id.eq(account))).execute(conn).await?;
    diesel::delete(app_passwords::table.filter(app_passwords::account_id.eq(account))).execute(conn).await?;
    end_sessions::void_what_was_begun(conn, account).await?;
    diesel::delete(ceremonies::table.filter(ceremonies::account_id.eq(account))).execute(conn).await?;
    let all = [Subject::Account(account)];
    auth::revoke(conn, &platform.clock, &all).await?;
    Ok(all)
}
