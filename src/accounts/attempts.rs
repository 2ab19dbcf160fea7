//! How often somebody may try: one place for all ways in, so that no surface has a counter of its own.
//!
//! Ten wrong proofs of an account within a quarter of an hour, whatever their kind and wherever they come from; then a
//! pause, doubled each time up to an hour. Whoever attacks an account from many addresses therefore keeps its owner from
//! signing in by password for as long as the attack goes on. Open sessions, tokens and passkeys go on working.

use std::time::Duration;

use crate::platform::Platform;
use crate::platform::client::ClientAddress;
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::platform::limits::{Rule, Slot};

const QUARTER: Duration = Duration::from_secs(15 * 60);
const HOUR: Duration = Duration::from_secs(3600);

/// Wrong passwords and codes of one account.
static PROOFS: Rule = Rule::new("proofs", 10, QUARTER, HOUR);
/// The same for one address, whosever they are.
static PROOFS_FROM: Rule = Rule::new("proofs-from", 100, QUARTER, HOUR);
static REGISTRATIONS_FROM: Rule = Rule::new("registrations-from", 20, HOUR, HOUR);
static RESETS: Rule = Rule::new("resets", 3, HOUR, HOUR);
static RESETS_FROM: Rule = Rule::new("resets-from", 20, HOUR, HOUR);
/// Rows that somebody who is not signed in can make; a page for signing in makes one each time it is opened.
static CEREMONIES_FROM: Rule = Rule::new("ceremonies-from", 200, QUARTER, QUARTER);
static LETTERS: Rule = Rule::new("letters", 5, HOUR, HOUR);

/// An attempt, counted before it is looked at. It stays counted unless it succeeds.
#[must_use = "an attempt that succeeded must say so"]
pub(super) struct Attempt(Slot);

impl Attempt {
    /// What came of looking at the proof. Where nobody could look (too many at once, the database away), it does not count.
    pub(super) async fn judged<T>(self, judgement: Result<T>) -> Result<(Self, T)> {
        match judgement {
            Ok(judgement) => Ok((self, judgement)),
            Err(error) => {
                self.succeeded().await;
                Err(error)
            }
        }
    }

    /// The proof was right, so it does not count.
    pub(super) async fn succeeded(self) {
        self.0.give_back().await;
    }
}

/// A password for a login. An unknown login has a counter too, so that the answers tell nobody which logins there are.
pub(super) async fn sign_in(
    platform: &Platform,
    account: Option<AccountId>,
    login: &str,
    address: &ClientAddress,
) -> Result<Attempt> {
    match account {
        Some(account) => prove(platform, account, address).await,
        None => proof(platform, &format!("login {}", login.trim().to_lowercase()), address).await,
    }
}

/// Any proof by who claims to be a known account: a password, a code, a recovery code.
pub(super) async fn prove(platform: &Platform, account: AccountId, address: &ClientAddress) -> Result<Attempt> {
    proof(platform, &format!("account {account}"), address).await
}

async fn proof(platform: &Platform, of: &str, address: &ClientAddress) -> Result<Attempt> {
    platform.limits.take(&[(&PROOFS, of), (&PROOFS_FROM, &address.limit_key())]).await.map(Attempt)
}

/// A registration; it counts however it ends.
pub(super) async fn registration(platform: &Platform, address: &ClientAddress) -> Result<()> {
    platform.limits.take(&[(&REGISTRATIONS_FROM, &address.limit_key())]).await.map(drop)
}

/// A letter that resets the password behind an e-mail address, known or not.
pub(super) async fn reset_password(platform: &Platform, email: &str, address: &ClientAddress) -> Result<()> {
    let email = email.trim().to_lowercase();
    platform.limits.take(&[(&RESETS, &email), (&RESETS_FROM, &address.limit_key())]).await.map(drop)
}

/// A passkey's ceremony, or a trip to another provider, that is begun by who knows whom.
pub(super) async fn ceremony(platform: &Platform, address: &ClientAddress) -> Result<()> {
    platform.limits.take(&[(&CEREMONIES_FROM, &address.limit_key())]).await.map(drop)
}

/// Another letter to an address that nobody has confirmed.
pub(super) async fn letter_to(platform: &Platform, email: &str) -> Result<()> {
    platform.limits.take(&[(&LETTERS, &format!("address {email}"))]).await.map(drop)
}

/// Another letter to an account.
pub(super) async fn letter(platform: &Platform, account: AccountId) -> Result<()> {
    platform.limits.take(&[(&LETTERS, &account.to_string())]).await.map(drop)
}
