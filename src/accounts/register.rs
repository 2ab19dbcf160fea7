//! Open an account.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::{Account, Opening};
use super::invitation;
use super::letter::{self, Letter};
use super::me::Me;
use super::registration::{Registration as Pending, Waiting};
use super::reserved::is_reserved;
use super::{Email, Handle, Language, Password, attempts};
use crate::platform::Platform;
use crate::platform::auth::Role;
use crate::platform::client::ClientAddress;
use crate::platform::config::Registration;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::Json;
use crate::platform::id::{AccountId, InvitationId};
use crate::platform::outbox;

/// How long an address may wait for its confirmation.
const UNTIL_CONFIRMED: TimeDelta = TimeDelta::days(7);

/// What somebody fills in to open an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    pub(crate) handle: Handle,
    pub(crate) email: Email,
    /// 8 to 256 characters; none of those that are guessed first.
    #[schema(value_type = String, min_length = 8, max_length = 256)]
    pub(crate) password: Password,
    /// Of letters and pages; English where absent.
    #[serde(default)]
    pub(crate) language: Language,
    /// The code of an invitation, where the server asks for one.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub(crate) invitation: Option<SecretString>,
}

/// Open an account. Where addresses must be confirmed first: 202, whether the address is known or not.
#[utoipa::path(tag = "accounts", request_body = NewAccount, responses(
    (status = 201, body = Me), (status = 202), (status = 403, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/accounts")]
pub(super) async fn post(
    platform: Data<Platform>,
    address: ClientAddress,
    Json(new): Json<NewAccount>,
) -> Result<HttpResponse> {
    let registered = register(&platform, &new, &address).await?;
    Ok(match registered {
        Some(account) => HttpResponse::Created().json(Me::from(account)),
        None => HttpResponse::Accepted().finish(),
    })
}

/// Façade: opens an account with a role, for the command line and the demo catalogue: no invitation is asked for, no
/// letter is sent, and reserved handles are free.
pub(crate) async fn create(db: &Db, new: NewAccount, role: Role) -> Result<AccountId> {
    let hash = new.password.hash(&[]).await?;
    db.transaction(async |conn| Ok(open(conn, &new, &hash, role).await?.id)).await
}

async fn register(platform: &Platform, new: &NewAccount, address: &ClientAddress) -> Result<Option<Account>> {
    let config = &platform.config;
    if config.registration == Registration::Closed {
        return Err(Error::Refused(Code::RegistrationClosed));
    }
    if is_reserved(new.handle.as_str()) {
        return Err(Error::Refused(Code::HandleReserved));
    }
    attempts::registration(platform, address).await?;
    if config.email_confirmation && attempts::letter_to(platform, new.email.as_str()).await.is_err() {
        return Ok(None); // as if: who owns the address is not buried in letters, and nobody learns of it
    }
    let hash = new.password.hash(&[new.handle.as_str(), new.email.as_str()]).await?; // slow: before a connection is taken
    platform
        .db
        .transaction(async |conn| {
            let invitation = invited(conn, platform, new).await?;
            if config.email_confirmation {
                wait(conn, platform, new, &hash, invitation).await?;
                return Ok(None);
            }
            let account = open(conn, new, &hash, Role::Listener).await?;
            letter::enqueue(conn, Letter::ConfirmEmail { account: account.id }).await?;
            Ok(Some(account))
        })
        .await
}

async fn invited(conn: &mut Conn, platform: &Platform, new: &NewAccount) -> Result<Option<InvitationId>> {
    if platform.config.registration != Registration::Invitation {
        return Ok(None);
    }
    let code = new.invitation.as_ref().ok_or(Error::Refused(Code::InvitationNeeded))?;
    invitation::claim(conn, code.expose_secret(), platform.clock.now()).await.map(Some)
}

// The same is done whether the address is known or not; what its letter says is another matter.
async fn wait(
    conn: &mut Conn,
    platform: &Platform,
    new: &NewAccount,
    password_hash: &str,
    invitation: Option<InvitationId>,
) -> Result<()> {
    if Account::has_handle(conn, new.handle.as_str()).await? {
        return Err(Error::Refused(Code::HandleTaken));
    }
    let now = platform.clock.now();
    let waiting = Waiting {
        handle: &new.handle,
        email: &new.email,
        password_hash,
        language: new.language,
        invitation,
        now,
        expires_at: now + UNTIL_CONFIRMED,
    };
    let registration = Pending::insert(conn, waiting).await?;
    letter::enqueue(conn, Letter::ConfirmRegistration { registration }).await
}

async fn open(conn: &mut Conn, new: &NewAccount, hash: &str, role: Role) -> Result<Account> {
    let opening = Opening {
        handle: &new.handle,
        email: &new.email,
        password_hash: Some(hash),
        role,
        language: new.language,
        email_confirmed_at: None,
    };
    insert(conn, opening).await
}

/// Adds the account and tells of it.
pub(super) async fn insert(conn: &mut Conn, opening: Opening<'_>) -> Result<Account> {
    let account = Account::insert(conn, opening).await?;
    let registered = Event::AccountRegistered { account: account.id, handle: account.handle.clone() };
    outbox::record(conn, &registered).await?;
    if account.role != Role::Listener {
        let role = account.role.name().to_owned();
        let changed = Event::RoleChanged { account: account.id, role, at: account.created_at };
        outbox::record(conn, &changed).await?;
    }
    Ok(account)
}
