//! Help somebody who cannot get in, on the command line: a new password, or a link that sets one.

use secrecy::SecretString;
use serde_json::json;

use super::authority::By;
use crate::accounts::account::Account;
use crate::accounts::letter::{self, Letter};
use crate::accounts::letter_code::{LetterCode, Purpose};
use crate::accounts::{Password, access, audit, send_letter};
use crate::platform::Platform;
use crate::platform::error::{Error, Result};
use crate::platform::id::AccountId;

/// Façade: sets a password and ends all access to the account.
pub(crate) async fn override_password(platform: &Platform, target: AccountId, password: Password) -> Result<()> {
    let account = Account::find(&mut *platform.db.conn().await?, target).await?.ok_or(Error::NotFound("account"))?;
    let hash = password.hash(&[&account.handle, &account.email]).await?; // slow: before a connection is taken
    let ended = platform
        .db
        .transaction(async |conn| {
            By::CommandLine.lock(conn, target).await?;
            Account::set_password_hash(conn, target, &hash).await?;
            LetterCode::delete_all(conn, target, Purpose::ResetPassword).await?;
            audit::record(conn, None, target, "password_set", json!({})).await?;
            letter::enqueue(conn, Letter::PasswordChanged { account: target }).await?;
            access::end_all(conn, platform, target).await
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(())
}

/// Façade: a link that sets a new password, once, within an hour. Whoever asked for it hands it to the account's owner.
pub(crate) async fn reset_link(platform: &Platform, target: AccountId) -> Result<SecretString> {
    let code = platform
        .db
        .transaction(async |conn| {
            By::CommandLine.lock(conn, target).await?;
            audit::record(conn, None, target, "reset_link_made", json!({})).await?;
            // Handed over by hand, it proves nothing about the address.
            LetterCode::insert(conn, target, Purpose::ResetPassword, None, platform.clock.now()).await
        })
        .await?;
    Ok(send_letter::link(&platform.config, "/reset-password", &code).into())
}
