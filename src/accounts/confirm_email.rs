//! Confirm the address of an account.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post, put};

use super::account::Account;
use super::attempts;
use super::letter::{self, Letter};
use super::letter_code::{LetterCode, Purpose};
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::id::AccountId;

/// Confirm the address of an account with the code of a letter.
#[utoipa::path(tag = "accounts", params(("token" = String, Path)), responses(
    (status = 204), (status = 404, body = Problem)))]
#[put("/email-confirmations/{token}")]
pub(super) async fn put(platform: Data<Platform>, token: Path<String>) -> Result<HttpResponse> {
    confirm(&platform, &token).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ask for another letter with a code. Nothing is sent where the address is confirmed already.
#[utoipa::path(tag = "accounts", responses(
    (status = 202), (status = 401, body = Problem), (status = 403, body = Problem), (status = 429, body = Problem)))]
#[post("/me/email-confirmations")]
pub(super) async fn post(platform: Data<Platform>, identity: Identity) -> Result<HttpResponse> {
    ask(&platform, identity.account).await?;
    Ok(HttpResponse::Accepted().finish())
}

async fn confirm(platform: &Platform, code: &str) -> Result<()> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let taken = LetterCode::take(conn, Purpose::ConfirmEmail, code, now).await?;
            let taken = taken.ok_or(Error::NotFound("link"))?;
            // The account may have another address by now, of which the letter said nothing.
            let is_confirmed = Account::confirm_email(conn, taken.account_id, taken.email.as_deref(), now).await?;
            if is_confirmed { Ok(()) } else { Err(Error::NotFound("link")) }
        })
        .await
}

async fn ask(platform: &Platform, account: AccountId) -> Result<()> {
    attempts::letter(platform, account).await?;
    letter::enqueue(&mut *platform.db.conn().await?, Letter::ConfirmEmail { account }).await
}
