//! Set up an authenticator, which shows one-time codes, and take it away again.

use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post, put};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::account::Account;
use super::letter::FactorChange;
use super::recovery_code::{self, RecoveryCodes};
use super::second_factor;
use super::totp::{NewSecret, Totp};
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Found, Json, NoContent};
use crate::platform::id::{AccountId, SessionId};

/// Whether an authenticator is set up, and what stands in for a lost one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Authenticator {
    enabled: bool,
    recovery_codes_left: i64,
}

/// What an authenticator needs to know. It is shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewAuthenticator {
    /// In base 32, to be typed in.
    secret: String,
    /// The same as an `otpauth:` address, to be shown as a QR code.
    uri: String,
}

/// The first code that an authenticator shows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstCode {
    #[schema(value_type = String, min_length = 6, max_length = 64)]
    code: SecretString,
}

/// Whether an authenticator is set up.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Authenticator), (status = 401, body = Problem)))]
#[get("/me/totp")]
pub(super) async fn get(platform: Data<Platform>, identity: Identity) -> Result<Found<Authenticator>> {
    Ok(Found(look(&platform, identity.account).await?))
}

/// Begin to set up an authenticator. It is on once it has shown its first code (`PUT`).
#[utoipa::path(tag = "accounts", responses((status = 201, body = NewAuthenticator), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 409, body = Problem)))]
#[post("/me/totp")]
pub(super) async fn post(platform: Data<Platform>, identity: Identity<Fresh>) -> Result<HttpResponse> {
    let new = begin(&platform, identity.account).await?;
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(new))
}

/// Turn the authenticator on, with the first code that it shows. The answer holds ten new recovery codes, once; those from
/// before are void. All other sessions end.
#[utoipa::path(tag = "accounts", request_body = FirstCode, responses((status = 200, body = RecoveryCodes),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[put("/me/totp")]
pub(super) async fn put(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    Json(first): Json<FirstCode>,
) -> Result<HttpResponse> {
    let codes = confirm(&platform, identity.account, identity.session(), &first.code).await?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(codes))
}

/// Take the authenticator away. All other sessions end.
#[utoipa::path(tag = "accounts", responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
#[delete("/me/totp")]
pub(super) async fn delete(platform: Data<Platform>, identity: Identity<Fresh>) -> Result<NoContent> {
    remove(&platform, identity.account, identity.session()).await?;
    Ok(NoContent)
}

async fn look(platform: &Platform, account: AccountId) -> Result<Authenticator> {
    let mut conn = platform.db.conn().await?;
    let totp = Totp::find(&mut conn, account).await?;
    let recovery_codes_left = recovery_code::count_unused(&mut conn, account).await?;
    Ok(Authenticator { enabled: totp.is_some_and(|totp| totp.is_confirmed()), recovery_codes_left })
}

async fn begin(platform: &Platform, account: AccountId) -> Result<NewAuthenticator> {
    let secret = NewSecret::generate()?;
    let mut conn = platform.db.conn().await?;
    let account = Account::find(&mut conn, account).await?.ok_or(Error::Unauthenticated)?;
    let uri = secret.uri(&issuer(platform.config.public_url.as_deref()), &account.handle)?;
    let kept = Totp::replace(&mut conn, &platform.seal, account.id, &secret, platform.clock.now()).await?;
    if kept { Ok(NewAuthenticator { secret: secret.base32(), uri }) } else { Err(Error::Refused(Code::TotpAlreadyOn)) }
}

async fn confirm(
    platform: &Platform,
    account: AccountId,
    session: SessionId,
    code: &SecretString,
) -> Result<RecoveryCodes> {
    let (recovery_codes, ended) = platform
        .db
        .transaction(async |conn| {
            Account::lock(conn, account).await?.ok_or(Error::Unauthenticated)?; // before what refers to it
            let totp = Totp::find(conn, account).await?.ok_or(Error::NotFound("authenticator"))?;
            if totp.is_confirmed() {
                return Err(Error::Refused(Code::TotpAlreadyOn));
            }
            let now = platform.clock.now();
            let step = totp.step(&platform.seal, &second_factor::typed(code), now)?;
            let step = step.ok_or(Error::Refused(Code::WrongCode))?;
            if !totp.take(conn, step, now).await? {
                return Err(Error::Refused(Code::WrongCode));
            }
            let codes = recovery_code::replace(conn, account).await?;
            let ended = second_factor::note_change(conn, platform, account, session, FactorChange::TotpOn).await?;
            Ok((codes, ended))
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(RecoveryCodes { recovery_codes })
}

async fn remove(platform: &Platform, account: AccountId, session: SessionId) -> Result<()> {
    let ended = platform
        .db
        .transaction(async |conn| {
            Account::lock(conn, account).await?.ok_or(Error::Unauthenticated)?; // before what refers to it
            let totp = Totp::find(conn, account).await?.ok_or(Error::NotFound("authenticator"))?;
            Totp::delete(conn, account).await?;
            if !totp.is_confirmed() {
                return Ok(Vec::new());
            }
            second_factor::forget_codes_if_off(conn, account).await?;
            second_factor::note_change(conn, platform, account, session, FactorChange::TotpOff).await
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(())
}

/// What the authenticator lists the account under.
fn issuer(public_url: Option<&str>) -> String {
    let public = public_url.and_then(|url| Url::parse(url).ok());
    let host = public.as_ref().and_then(Url::host_str).unwrap_or("localhost");
    // A colon would end the issuer's name.
    format!("Legato ({})", host.replace(['[', ']'], "").replace(':', "."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_names_the_server() {
        assert_eq!(issuer(None), "Legato (localhost)");
        assert_eq!(issuer(Some("https://music.example:8443")), "Legato (music.example)");
        assert_eq!(issuer(Some("http://[2001:db8::1]:8080")), "Legato (2001.db8..1)");
    }
}
