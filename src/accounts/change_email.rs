//! Change an account's e-mail address: asked for at the old one's owner, confirmed at the new one.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post, put};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::account::Account;
use super::letter::{self, Letter};
use super::letter_code::{LetterCode, Purpose};
use super::{Email, attempts, audit, way_back};
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Json, NoContent};
use crate::platform::id::AccountId;

/// The address to have from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmailChange {
    email: Email,
}

/// Ask for another e-mail address. A link goes there, and nothing changes before it is followed. The answer is the same
/// whether the address is anybody's or not; one that is another account's gets no link.
#[utoipa::path(tag = "accounts", request_body = EmailChange, responses(
    (status = 202), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem)))]
#[post("/me/email-changes")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    Json(change): Json<EmailChange>,
) -> Result<HttpResponse> {
    ask(&platform, identity.account, &change.email).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Confirm the new address with the link's token. The old one is told, and if it was confirmed it has a way back for
/// seven days.
#[utoipa::path(tag = "accounts", params(("token" = String, Path)), responses(
    (status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[put("/email-changes/{token}")]
pub(super) async fn put(platform: Data<Platform>, token: Path<String>) -> Result<NoContent> {
    confirm(&platform, &token).await?;
    Ok(NoContent)
}

// The code lies ready and its letter gives it a word that somebody knows, unless the address turns out to be taken, or the
// code is void by then: a thief whose mailbox kept the letter waiting is too late.
async fn ask(platform: &Platform, id: AccountId, new: &Email) -> Result<()> {
    attempts::letter(platform, id).await?;
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let account = Account::find(conn, id).await?.ok_or(Error::Unauthenticated)?;
            if account.email == new.as_str() {
                return Err(Error::invalid("email", "This is the account's address already."));
            }
            LetterCode::insert(conn, id, Purpose::ChangeEmail, Some(new.as_str()), now).await?;
            letter::enqueue(conn, Letter::ChangeEmail { account: id, email: new.as_str().to_owned() }).await
        })
        .await
}

async fn confirm(platform: &Platform, token: &str) -> Result<()> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let link =
                LetterCode::take(conn, Purpose::ChangeEmail, token, now).await?.ok_or(Error::NotFound("link"))?;
            let new = link.email.ok_or(Error::NotFound("link"))?;
            let account = Account::lock(conn, link.account_id).await?.ok_or(Error::NotFound("link"))?;
            replace(conn, &account, &new, now).await?;
            audit::record(conn, Some(account.id), account.id, "email_changed", json!({})).await?;
            tell_the_old_one(conn, account, now).await
        })
        .await
}

/// Puts an address in the place of the one before, and voids what went out to that.
pub(super) async fn replace(conn: &mut Conn, account: &Account, new: &str, now: DateTime<Utc>) -> Result<()> {
    if way_back::is_kept_from(conn, account.id, new).await? {
        return Err(Error::Refused(Code::EmailTaken));
    }
    Account::set_email(conn, account.id, new, now).await?;
    for purpose in [Purpose::ChangeEmail, Purpose::ConfirmEmail, Purpose::ResetPassword, Purpose::Export] {
        LetterCode::delete_all(conn, account.id, purpose).await?;
    }
    Ok(())
}

// An address that nobody ever confirmed may be a stranger's: it is told, and gets no way into the account.
async fn tell_the_old_one(conn: &mut Conn, account: Account, now: DateTime<Utc>) -> Result<()> {
    if account.email_confirmed_at.is_none() {
        return letter::enqueue(conn, Letter::EmailGone { account: account.id, old: account.email }).await;
    }
    way_back::lay(conn, account.id, &account.email, now).await?;
    letter::enqueue(conn, Letter::EmailChanged { account: account.id, old: account.email }).await
}
