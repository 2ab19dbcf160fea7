//! Where every way of signing in ends: the session.

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use utoipa::ToSchema;

use super::account::Account;
use super::letter::{self, Letter};
use super::me::Me;
use super::session::{NewSession, Session};
use super::{audit, known_device};
use crate::platform::Platform;
use crate::platform::auth::{self, Credential, Device, Proof, Subject};
use crate::platform::client::ClientAddress;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::secret;

/// Who comes in, as far as the request tells.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    pub(super) device: Device,
    pub(super) address: ClientAddress,
    /// Whether the session goes into a cookie.
    pub(super) in_cookie: bool,
    /// Whether an account that is about to be closed shall be kept.
    pub(super) reopen: bool,
    /// The session that was open in this browser: it ends where another one begins.
    pub(super) replaces: Option<Proof>,
}

/// A new session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedIn {
    /// For `Authorization: Bearer`; absent when the session lives in a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    expires_at: DateTime<Utc>,
    account: Me,
}

/// A session and the only copy of its token.
pub(super) struct Opened {
    pub(super) token: SecretString,
    pub(super) session: Session,
    pub(super) account: Account,
    /// What the process forgets after the commit.
    pub(super) ended: Vec<Subject>,
}

impl Arrival {
    /// Refuses what a foreign page sends: a cookie is given to our own pages alone (case B1).
    pub(super) async fn of(request: &HttpRequest, platform: &Platform, in_cookie: bool, reopen: bool) -> Result<Self> {
        if in_cookie {
            auth::require_same_origin(request, &platform.config)?;
        } else {
            auth::refuse_foreign_origin(request, &platform.config)?;
        }
        let replaces = if in_cookie { auth::cookie_session(request).await? } else { None };
        let (device, address) = (Device::of(request), ClientAddress::of(request));
        Ok(Self { device, address, in_cookie, reopen, replaces })
    }
}

/// Opens the session, after all proofs. Who is suspended, or is about to be closed and does not say `reopen`, is refused.
pub(super) async fn open(conn: &mut Conn, platform: &Platform, account: &Account, arrival: &Arrival) -> Result<Opened> {
    // Read again under a lock: it may have been suspended or erased while the password was hashed.
    let mut account = Account::lock(conn, account.id).await?.ok_or(Error::Refused(Code::WrongCredentials))?;
    if account.suspended_at.is_some() {
        return Err(Error::Refused(Code::AccountSuspended));
    }
    if account.closing_until.is_some() {
        keep(conn, &mut account, arrival).await?;
    }
    let token = secret::token("legato_s_")?;
    let session = insert(conn, platform, &account, arrival, &token).await?;
    if known_device::note(conn, account.id, &arrival.device.0, platform.clock.now()).await? {
        letter::enqueue(conn, Letter::NewDevice { account: account.id, session: session.id }).await?;
    }
    let ended = replace(conn, platform, arrival).await?;
    Ok(Opened { token, session, account, ended })
}

// Whoever signs in over a session that somebody else may know (session fixation) leaves none of it.
async fn replace(conn: &mut Conn, platform: &Platform, arrival: &Arrival) -> Result<Vec<Subject>> {
    let Some(Proof { credential: Credential::Session(old), account, .. }) = arrival.replaces else {
        return Ok(Vec::new());
    };
    Session::delete(conn, old, account).await?;
    let ended = vec![Subject::Session(old)];
    auth::revoke(conn, &platform.clock, &ended).await?;
    Ok(ended)
}

async fn keep(conn: &mut Conn, account: &mut Account, arrival: &Arrival) -> Result<()> {
    if !arrival.reopen {
        return Err(Error::Refused(Code::AccountClosing));
    }
    Account::reopen(conn, account.id).await?;
    audit::record(conn, Some(account.id), account.id, "reopened", serde_json::json!({})).await?;
    account.closing_until = None;
    Ok(())
}

async fn insert(
    conn: &mut Conn,
    platform: &Platform,
    account: &Account,
    arrival: &Arrival,
    token: &SecretString,
) -> Result<Session> {
    let now = platform.clock.now();
    let lifetime = TimeDelta::from_std(platform.config.session_max).unwrap_or(TimeDelta::days(180));
    let new = NewSession {
        account: account.id,
        token_hash: &secret::hash(token.expose_secret()),
        device: &arrival.device.0,
        address: arrival.address.0.to_string(),
        now,
        expires_at: now + lifetime,
    };
    Session::insert(conn, new).await
}

/// 201 with the token in the body or in a cookie.
pub(super) fn answer(platform: &Platform, opened: Opened, in_cookie: bool) -> HttpResponse {
    platform.auth.forget(&opened.ended);
    let (token, expires_at) = (opened.token.expose_secret(), opened.session.expires_at);
    let mut response = HttpResponse::Created();
    if in_cookie {
        let now = platform.clock.now();
        response.cookie(auth::session_cookie(&platform.config, Some((token, expires_at)), now));
    }
    let token = (!in_cookie).then(|| token.to_owned());
    response.insert_header(("Cache-Control", "no-store"));
    response.json(SignedIn { token, expires_at, account: opened.account.into() })
}
