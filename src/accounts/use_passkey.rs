//! Sign in with a passkey. It proves both factors at once: its device is at hand, and has asked who is there.
//!
//! The ceremony names no account. The authenticator offers what it keeps for this server, and its answer says whose it is;
//! so there is nothing to ask about other people's passkeys.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::account::Account;
use super::add_passkey::BegunCeremony;
use super::ceremony::{Ceremony, CeremonyKind};
use super::open_session::{self, Arrival, Opened, SignedIn};
use super::relying_party::RelyingParty;
use super::{attempts, passkey};
use crate::platform::Platform;
use crate::platform::client::ClientAddress;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Created, Json};
use crate::platform::id::AccountId;

/// What an authenticator has signed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignedCeremony {
    #[schema(value_type = String, max_length = 64)]
    ceremony: SecretString,
    /// What `navigator.credentials.get` answered, by its `toJSON`.
    #[schema(value_type = Object)]
    credential: PublicKeyCredential,
    /// True: the session lives in an `HttpOnly` cookie, and the answer holds no token.
    #[serde(default)]
    cookie: bool,
    /// True: an account that is about to be closed is kept.
    #[serde(default)]
    reopen: bool,
}

/// Begin to use a passkey: to sign in, or to prove once more who one is.
#[utoipa::path(tag = "accounts", responses((status = 201, body = BegunCeremony), (status = 409, body = Problem),
    (status = 429, body = Problem)))]
#[post("/session/passkey-ceremonies")]
pub(super) async fn post_ceremony(
    request: HttpRequest,
    platform: Data<Platform>,
    address: ClientAddress,
) -> Result<Created<BegunCeremony>> {
    let party = RelyingParty::of(&request, &platform.config)?;
    Ok(Created(begin(&platform, &party, address).await?))
}

/// Sign in with a passkey. No password and no code is asked for.
#[utoipa::path(tag = "accounts", request_body = SignedCeremony, responses((status = 201, body = SignedIn),
    (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem)))]
#[post("/session/passkey")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    Json(signed): Json<SignedCeremony>,
) -> Result<HttpResponse> {
    let arrival = Arrival::of(&request, &platform, signed.cookie, signed.reopen).await?;
    let party = RelyingParty::of(&request, &platform.config)?;
    let opened = sign_in(&platform, &party, &signed, &arrival).await?;
    Ok(open_session::answer(&platform, opened, arrival.in_cookie))
}

async fn begin(platform: &Platform, party: &RelyingParty, address: ClientAddress) -> Result<BegunCeremony> {
    attempts::ceremony(platform, &address).await?;
    let (options, state) = party.begin_use()?;
    let mut conn = platform.db.conn().await?;
    let token = Ceremony::insert(&mut conn, CeremonyKind::UsePasskey, None, &state, platform.clock.now()).await?;
    Ok(BegunCeremony { ceremony: token.expose_secret().to_owned(), options })
}

async fn sign_in(
    platform: &Platform,
    party: &RelyingParty,
    signed: &SignedCeremony,
    arrival: &Arrival,
) -> Result<Opened> {
    let state = take(platform, &signed.ceremony).await?;
    platform
        .db
        .transaction(async |conn| {
            let account = prove(conn, party, state, &signed.credential, platform.clock.now()).await?;
            let account = Account::find(conn, account).await?.ok_or(Error::Refused(Code::PasskeyRefused))?;
            open_session::open(conn, platform, &account, arrival).await
        })
        .await
}

/// Takes a ceremony, in a transaction of its own: an answer that is refused has had its one chance too.
pub(super) async fn take(platform: &Platform, token: &SecretString) -> Result<DiscoverableAuthentication> {
    let (kind, now) = (CeremonyKind::UsePasskey, platform.clock.now());
    let taken = Ceremony::take(&mut *platform.db.conn().await?, kind, None, token, now).await?;
    taken.ok_or(Error::Refused(Code::PasskeyRefused))?.state()
}

/// The account whose passkey signed the ceremony, and notes that use.
pub(super) async fn prove(
    conn: &mut Conn,
    party: &RelyingParty,
    state: DiscoverableAuthentication,
    answer: &PublicKeyCredential,
    now: DateTime<Utc>,
) -> Result<AccountId> {
    let (user, credential_id) = party.claim(answer)?;
    let found = passkey::Lock::take(conn, user, credential_id).await?;
    let mut lock = found.ok_or(Error::Refused(Code::PasskeyRefused))?;
    let proved = party.finish_use(answer, state, &lock.credential)?;
    lock.credential.update_credential(&proved);
    lock.note_use(conn, now).await?;
    Ok(lock.account)
}
