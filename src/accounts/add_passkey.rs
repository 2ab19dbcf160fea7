//! Add a passkey: the browser asks for the options, lets an authenticator make a key, and hands in what it says of it.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use webauthn_rs::prelude::{Passkey as Credential, RegisterPublicKeyCredential};

use super::account::Account;
use super::ceremony::{Ceremony, CeremonyKind};
use super::letter::FactorChange;
use super::name::Name;
use super::passkey::{self, Passkey};
use super::relying_party::RelyingParty;
use super::second_factor;
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity, Subject};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Created, Json};
use crate::platform::id::{AccountId, SessionId};

/// A ceremony that the browser goes on with.
#[derive(Serialize, ToSchema)]
pub(crate) struct BegunCeremony {
    /// Hand this in with the answer, within five minutes. It is good for one answer.
    pub(super) ceremony: String,
    /// For the browser: `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    #[schema(value_type = Object)]
    pub(super) options: Value,
}

/// What an authenticator has made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasskey {
    #[schema(value_type = String, max_length = 64)]
    ceremony: SecretString,
    name: Name,
    /// What `navigator.credentials.create` answered, by its `toJSON`.
    #[schema(value_type = Object)]
    credential: RegisterPublicKeyCredential,
}

/// A new passkey.
#[derive(Serialize, ToSchema)]
pub(crate) struct AddedPasskey {
    passkey: Passkey,
    /// Ten, shown once, where the account had none: they stand in for a passkey that is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_codes: Option<Vec<String>>,
}

/// Begin to add a passkey.
#[utoipa::path(tag = "accounts", responses((status = 201, body = BegunCeremony), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 409, body = Problem)))]
#[post("/me/passkeys/ceremonies")]
pub(super) async fn post_ceremony(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Fresh>,
) -> Result<Created<BegunCeremony>> {
    let party = RelyingParty::of(&request, &platform.config)?;
    Ok(Created(begin(&platform, &party, identity.account).await?))
}

/// Add the passkey that the ceremony made. From now on the account has a second factor. All other sessions end.
#[utoipa::path(tag = "accounts", request_body = NewPasskey, responses((status = 201, body = AddedPasskey),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/me/passkeys")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    Json(new): Json<NewPasskey>,
) -> Result<HttpResponse> {
    let party = RelyingParty::of(&request, &platform.config)?;
    let added = add(&platform, &party, identity.account, identity.session(), &new).await?;
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(added))
}

async fn begin(platform: &Platform, party: &RelyingParty, account: AccountId) -> Result<BegunCeremony> {
    let mut conn = platform.db.conn().await?;
    let account = Account::find(&mut conn, account).await?.ok_or(Error::Unauthenticated)?;
    require_room(&mut conn, account.id).await?;
    let known = Passkey::credential_ids(&mut conn, account.id).await?;
    let (options, state) = party.begin_registration(&account, known)?;
    let (kind, now) = (CeremonyKind::AddPasskey, platform.clock.now());
    let token = Ceremony::insert(&mut conn, kind, Some(account.id), &state, now).await?;
    Ok(BegunCeremony { ceremony: token.expose_secret().to_owned(), options })
}

async fn add(
    platform: &Platform,
    party: &RelyingParty,
    account: AccountId,
    session: SessionId,
    new: &NewPasskey,
) -> Result<AddedPasskey> {
    // Taken in a transaction of its own: an answer that is refused has had its one chance too.
    let (kind, now) = (CeremonyKind::AddPasskey, platform.clock.now());
    let taken = Ceremony::take(&mut *platform.db.conn().await?, kind, Some(account), &new.ceremony, now).await?;
    let state = taken.ok_or(Error::Refused(Code::PasskeyRefused))?.state()?;
    let credential = party.finish_registration(&new.credential, &state)?;
    let (added, ended) = platform
        .db
        .transaction(async |conn| insert(conn, platform, account, session, &new.name, &credential).await)
        .await?;
    platform.auth.forget(&ended);
    Ok(added)
}

async fn insert(
    conn: &mut Conn,
    platform: &Platform,
    account: AccountId,
    session: SessionId,
    name: &Name,
    credential: &Credential,
) -> Result<(AddedPasskey, Vec<Subject>)> {
    // One at a time, or two would take the last place.
    Account::lock(conn, account).await?.ok_or(Error::Unauthenticated)?;
    require_room(conn, account).await?;
    let passkey = Passkey::insert(conn, account, name, credential, platform.clock.now()).await?;
    let recovery_codes = second_factor::codes_if_none(conn, account).await?;
    let ended = second_factor::note_change(conn, platform, account, session, FactorChange::PasskeyAdded).await?;
    Ok((AddedPasskey { passkey, recovery_codes }, ended))
}

async fn require_room(conn: &mut Conn, account: AccountId) -> Result<()> {
    if Passkey::count(conn, account).await? < passkey::MAX { Ok(()) } else { Err(Error::Refused(Code::LimitReached)) }
}
