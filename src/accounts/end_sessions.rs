//! End the sessions of an account, and with them its streams and live channels.

use super::challenge::Challenge;
use super::letter_code::{LetterCode, Purpose};
use super::session::Session;
use crate::platform::Platform;
use crate::platform::auth::{self, Subject};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, SessionId};

/// Ends all sessions of an account but `keep`, in the caller's transaction. After the commit the caller lets this process
/// forget what is answered (`platform.auth.forget`).
pub(super) async fn end_others(
    conn: &mut Conn,
    platform: &Platform,
    account: AccountId,
    keep: Option<SessionId>,
) -> Result<Vec<Subject>> {
    void_what_was_begun(conn, account).await?;
    let ended = Session::delete_all(conn, account, keep).await?;
    let subjects: Vec<Subject> = ended.into_iter().map(Subject::Session).collect();
    auth::revoke(conn, &platform.clock, &subjects).await?;
    Ok(subjects)
}

/// What somebody who is put out may have begun: a change of the address, a sign-in that is half done, an archive's link.
pub(super) async fn void_what_was_begun(conn: &mut Conn, account: AccountId) -> Result<()> {
    for purpose in [Purpose::ChangeEmail, Purpose::Export] {
        LetterCode::delete_all(conn, account, purpose).await?;
    }
    Challenge::delete_all(conn, account).await
}
