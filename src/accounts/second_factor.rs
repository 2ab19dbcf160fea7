//! The second factor: what a password, or another provider's word, does not prove alone.
//!
//! It is on as soon as an account has a confirmed authenticator or a passkey. A passkey proves both factors at once, for
//! its device asks who is there. Whoever has neither at hand uses a recovery code.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::account::Account;
use super::letter::{self, FactorChange, Letter};
use super::passkey::Passkey;
use super::session::Session;
use super::totp::Totp;
use super::{audit, end_sessions, recovery_code};
use crate::platform::Platform;
use crate::platform::auth::Subject;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{AccountId, SessionId};

/// Whether signing in with a password, or by another provider, needs more than that.
pub(super) async fn is_on(conn: &mut Conn, account: AccountId) -> Result<bool> {
    let totp = Totp::find(conn, account).await?;
    Ok(totp.is_some_and(|totp| totp.is_confirmed()) || Passkey::count(conn, account).await? > 0)
}

/// Takes a code of the authenticator, or a recovery code, as it was typed. Each is taken once. A wrong one is refused with
/// `wrong-code`; counting the attempts is the caller's part.
pub(super) async fn check_code(platform: &Platform, account: AccountId, code: &SecretString) -> Result<()> {
    let typed = typed(code);
    let right = platform
        .db
        .transaction(async |conn| {
            Ok(take_totp(conn, platform, account, &typed).await?
                || take_recovery_code(conn, platform, account, &typed).await?)
        })
        .await?;
    if right { Ok(()) } else { Err(Error::Refused(Code::WrongCode)) }
}

/// A code without the spaces that authenticators and people put into it.
pub(super) fn typed(code: &SecretString) -> String {
    code.expose_secret().chars().filter(|letter| !letter.is_whitespace()).collect()
}

async fn take_totp(conn: &mut Conn, platform: &Platform, account: AccountId, typed: &str) -> Result<bool> {
    let Some(totp) = Totp::find(conn, account).await?.filter(Totp::is_confirmed) else { return Ok(false) };
    let now = platform.clock.now();
    match totp.step(&platform.seal, typed, now) {
        Ok(Some(step)) => totp.take(conn, step, now).await,
        Ok(None) => Ok(false),
        // Without its key the authenticator is lost, and that is what recovery codes are for.
        Err(error) => {
            tracing::error!(%error, %account, "an authenticator's secret does not open");
            Ok(false)
        }
    }
}

async fn take_recovery_code(conn: &mut Conn, platform: &Platform, account: AccountId, typed: &str) -> Result<bool> {
    let taken = recovery_code::take(conn, account, typed, platform.clock.now()).await?;
    if taken {
        letter::enqueue(conn, Letter::FactorChanged { account, what: FactorChange::RecoveryCodeUsed }).await?;
    }
    Ok(taken)
}

/// New recovery codes, for an account that has none left.
pub(super) async fn codes_if_none(conn: &mut Conn, account: AccountId) -> Result<Option<Vec<String>>> {
    if recovery_code::count_unused(conn, account).await? > 0 {
        return Ok(None);
    }
    recovery_code::replace(conn, account).await.map(Some)
}

/// Recovery codes go with the last factor that they could stand in for.
pub(super) async fn forget_codes_if_off(conn: &mut Conn, account: AccountId) -> Result<()> {
    if is_on(conn, account).await? { Ok(()) } else { recovery_code::delete_all(conn, account).await }
}

/// What goes with every change of a factor, in the transaction that makes it: the other sessions end, the owner gets a
/// letter, the audit log a line. After the commit the caller lets this process forget what is answered. A session that has
/// ended meanwhile changes nothing any more.
pub(super) async fn note_change(
    conn: &mut Conn,
    platform: &Platform,
    account: AccountId,
    session: SessionId,
    what: FactorChange,
) -> Result<Vec<Subject>> {
    // Under the lock that a change of the password takes too: a thief whom it throws out leaves no key behind.
    Account::lock(conn, account).await?.ok_or(Error::Unauthenticated)?;
    let living = Session::list(conn, &platform.config, account, platform.clock.now()).await?;
    if !living.iter().any(|living| living.id == session) {
        return Err(Error::Unauthenticated);
    }
    let ended = end_sessions::end_others(conn, platform, account, Some(session)).await?;
    letter::enqueue(conn, Letter::FactorChanged { account, what }).await?;
    audit::record(conn, Some(account), account, "factor_changed", json!({ "what": what })).await?;
    Ok(ended)
}
