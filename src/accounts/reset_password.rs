//! Reset a password that was forgotten: a letter to the account's address, and its code for a new password.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post, put};
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::Account;
use super::letter::{self, Letter};
use super::letter_code::{LetterCode, Purpose};
use super::linked_identity::LinkedIdentity;
use super::{Password, access, attempts, end_sessions};
use crate::platform::Platform;
use crate::platform::auth::Subject;
use crate::platform::client::ClientAddress;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Json;
use crate::platform::id::AccountId;

/// The longest login that is looked at, in characters: that of an address (RFC 5321 §4.5.3.1).
const MAX_LOGIN: usize = 254;

/// Who has forgotten a password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForgottenPassword {
    /// Handle or e-mail address.
    #[schema(max_length = 254)]
    login: String,
}

/// The password to have from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// 8 to 256 characters; none of those that are guessed first.
    #[schema(value_type = String, min_length = 8, max_length = 256)]
    password: Password,
}

/// Ask for a letter with a link that sets a new password. The answer is the same whether the login is known or not.
#[utoipa::path(tag = "accounts", request_body = ForgottenPassword, responses(
    (status = 202), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/password-resets")]
pub(super) async fn post(
    platform: Data<Platform>,
    address: ClientAddress,
    Json(forgotten): Json<ForgottenPassword>,
) -> Result<HttpResponse> {
    ask(&platform, forgotten.login, address).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Set a new password with the code of that letter. Ends all sessions of the account.
#[utoipa::path(tag = "accounts", params(("token" = String, Path)), request_body = NewPassword, responses(
    (status = 204), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[put("/password-resets/{token}")]
pub(super) async fn put(
    platform: Data<Platform>,
    token: Path<String>,
    Json(new): Json<NewPassword>,
) -> Result<HttpResponse> {
    reset(&platform, &token, new.password).await?;
    Ok(HttpResponse::NoContent().finish())
}

// Whether there is such an account, the letter's job finds out: here, the same is done for every login.
async fn ask(platform: &Platform, login: String, address: ClientAddress) -> Result<()> {
    let login = login.trim().to_lowercase();
    if login.is_empty() || login.chars().count() > MAX_LOGIN || login.contains(char::is_control) {
        return Err(Error::invalid("login", "A handle or an e-mail address has 1 to 254 characters."));
    }
    attempts::reset_password(platform, &login, &address).await?;
    letter::enqueue(&mut *platform.db.conn().await?, Letter::ResetPassword { login }).await
}

async fn reset(platform: &Platform, code: &str, password: Password) -> Result<()> {
    let account = find(platform, code).await?;
    // Slow: only for who has a good code, and before a connection is taken.
    let hash = password.hash(&[&account.handle, &account.email]).await?;
    let ended = platform.db.transaction(async |conn| set(conn, platform, code, &hash).await).await?;
    platform.auth.forget(&ended);
    Ok(())
}

async fn find(platform: &Platform, code: &str) -> Result<Account> {
    let mut conn = platform.db.conn().await?;
    let found = LetterCode::find(&mut conn, Purpose::ResetPassword, code, platform.clock.now()).await?;
    let found = found.ok_or(Error::NotFound("link"))?;
    Account::find(&mut conn, found.account_id).await?.ok_or(Error::NotFound("link"))
}

async fn set(conn: &mut Conn, platform: &Platform, code: &str, hash: &str) -> Result<Vec<Subject>> {
    let now = platform.clock.now();
    let taken = LetterCode::take(conn, Purpose::ResetPassword, code, now).await?.ok_or(Error::NotFound("link"))?;
    let account = Account::lock(conn, taken.account_id).await?.ok_or(Error::NotFound("link"))?;
    let id = account.id;
    // Who reads its letters has the address; a letter to one of before proves nothing any more. A link that was handed over
    // by other means names no address.
    if taken.email.is_some() && !Account::confirm_email(conn, id, taken.email.as_deref(), now).await? {
        return Err(Error::NotFound("link"));
    }
    Account::set_password_hash(conn, id, hash).await?;
    LetterCode::delete_all(conn, id, Purpose::ResetPassword).await?;
    // Somebody else may have asked for a change of address while they were in.
    LetterCode::delete_all(conn, id, Purpose::ChangeEmail).await?;
    letter::enqueue(conn, Letter::PasswordChanged { account: id }).await?;
    if account.email_confirmed_at.is_none() && taken.email.is_some() {
        return take_over(conn, platform, id).await;
    }
    end_sessions::end_others(conn, platform, id, None).await
}

// Until now nobody had shown that the address is theirs: a stranger may have opened the account under it, and lain in wait
// with a token. Second factors stay: the address may be a stranger's by a slip of the owner's.
async fn take_over(conn: &mut Conn, platform: &Platform, id: AccountId) -> Result<Vec<Subject>> {
    LinkedIdentity::delete_all(conn, id).await?;
    access::end_all(conn, platform, id).await.map(Vec::from)
}
