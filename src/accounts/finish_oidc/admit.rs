//! Whose account is it that a provider vouches for?

use serde_json::json;

use super::Landing;
use crate::accounts::account::{self, Account, Opening};
use crate::accounts::challenge::Challenge;
use crate::accounts::letter::{self, FactorChange, Letter};
use crate::accounts::linked_identity::LinkedIdentity;
use crate::accounts::open_session::{self, Arrival};
use crate::accounts::provider::Vouched;
use crate::accounts::{Email, Language, attempts, audit, derived_handle, register, second_factor};
use crate::platform::Platform;
use crate::platform::auth::Role;
use crate::platform::config::Registration;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::AccountId;

/// Opens a session for whom the provider vouches for, or asks for their second factor first.
pub(super) async fn admit(platform: &Platform, vouched: &Vouched, arrival: &Arrival) -> Result<Landing> {
    if !is_known(&mut *platform.db.conn().await?, vouched).await? {
        attempts::registration(platform, &arrival.address).await?;
    }
    platform
        .db
        .transaction(async |conn| {
            let account = account_of(conn, platform, vouched).await?;
            if second_factor::is_on(conn, account.id).await? {
                let challenge = Challenge::insert(conn, account.id, platform.clock.now()).await?;
                return Ok(Landing::Challenged(challenge));
            }
            let opened = open_session::open(conn, platform, &account, arrival).await?;
            Ok(Landing::SignedIn(Box::new(opened)))
        })
        .await
}

async fn is_known(conn: &mut Conn, vouched: &Vouched) -> Result<bool> {
    if LinkedIdentity::find(conn, vouched).await?.is_some() {
        return Ok(true);
    }
    match &vouched.email {
        Some(email) => Ok(account::find_by_email(conn, email.as_str()).await?.is_some()),
        None => Ok(false),
    }
}

async fn account_of(conn: &mut Conn, platform: &Platform, vouched: &Vouched) -> Result<Account> {
    if let Some(identity) = LinkedIdentity::find(conn, vouched).await? {
        identity.touch(conn, vouched, platform.clock.now()).await?;
        return find(conn, identity.account_id).await;
    }
    let email = usable_email(platform, vouched)?;
    match account::find_by_email(conn, email.as_str()).await? {
        Some(id) => adopt(conn, platform, id, vouched).await,
        None => open_account(conn, platform, email, vouched).await,
    }
}

async fn find(conn: &mut Conn, id: AccountId) -> Result<Account> {
    Account::find(conn, id).await?.ok_or(Error::Refused(Code::ProviderRefused))
}

// Where addresses must be confirmed, one that is not even tells nobody whether it is known.
fn usable_email<'a>(platform: &Platform, vouched: &'a Vouched) -> Result<&'a Email> {
    let is_enough = vouched.email_verified || !platform.config.email_confirmation;
    vouched.email.as_ref().filter(|_| is_enough).ok_or(Error::Refused(Code::ProviderWithoutEmail))
}

/// The same address is the same person only where both sides have seen that it is theirs (security case A10): else somebody
/// could wait here, or there, under another's address.
async fn adopt(conn: &mut Conn, platform: &Platform, id: AccountId, vouched: &Vouched) -> Result<Account> {
    let account = find(conn, id).await?;
    if !vouched.email_verified || account.email_confirmed_at.is_none() {
        return Err(Error::Refused(Code::EmailTaken));
    }
    LinkedIdentity::insert(conn, account.id, vouched, platform.clock.now()).await?;
    let linked = Letter::FactorChanged { account: account.id, what: FactorChange::IdentityLinked };
    letter::enqueue(conn, linked).await?;
    let detail = json!({ "what": FactorChange::IdentityLinked });
    audit::record(conn, Some(account.id), account.id, "factor_changed", detail).await?;
    Ok(account)
}

async fn open_account(conn: &mut Conn, platform: &Platform, email: &Email, vouched: &Vouched) -> Result<Account> {
    match platform.config.registration {
        Registration::Open => {}
        Registration::Invitation => return Err(Error::Refused(Code::InvitationNeeded)),
        Registration::Closed => return Err(Error::Refused(Code::RegistrationClosed)),
    }
    let now = platform.clock.now();
    let opening = Opening {
        handle: &derived_handle::find_free(conn, vouched, now).await?,
        email,
        password_hash: None,
        role: Role::Listener,
        language: Language::default(),
        email_confirmed_at: vouched.email_verified.then_some(now),
    };
    let account = register::insert(conn, opening).await?;
    LinkedIdentity::insert(conn, account.id, vouched, now).await?;
    if !vouched.email_verified {
        letter::enqueue(conn, Letter::ConfirmEmail { account: account.id }).await?;
    }
    Ok(account)
}
