//! Go back to the e-mail address before, because somebody else changed it: whoever that was is out.

use actix_web::put;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::account::Account;
use super::api_token::ApiToken;
use super::app_password::AppPassword;
use super::letter::{self, Letter};
use super::letter_code::{LetterCode, Purpose};
use super::session::Session;
use super::{added_since, audit, change_email, way_back};
use crate::platform::Platform;
use crate::platform::auth::{self, Subject};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::AccountId;

/// Take the change of the e-mail address back with the link's token. All sessions, API tokens and app passwords end, the
/// password is void, and factors that were added since the change are gone. A link to set a new password goes to the
/// restored address.
#[utoipa::path(tag = "accounts", params(("token" = String, Path)), responses(
    (status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[put("/email-restorations/{token}")]
pub(super) async fn put(platform: Data<Platform>, token: Path<String>) -> Result<NoContent> {
    let account = restore(&platform, &token).await?;
    platform.auth.forget(&[Subject::Account(account)]);
    Ok(NoContent)
}

async fn restore(platform: &Platform, token: &str) -> Result<AccountId> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let way = LetterCode::take(conn, Purpose::RestoreEmail, token, now).await?;
            let way = way.ok_or(Error::NotFound("link"))?;
            let before = way.email.ok_or(Error::NotFound("link"))?;
            let account = Account::lock(conn, way.account_id).await?.ok_or(Error::NotFound("link"))?;
            change_email::replace(conn, &account, &before, now).await?;
            way_back::close(conn, account.id, way.created_at).await?;
            lock_everybody_out(conn, account.id, way.created_at).await?;
            auth::revoke(conn, &platform.clock, &[Subject::Account(account.id)]).await?;
            audit::record(conn, Some(account.id), account.id, "email_restored", json!({})).await?;
            letter::enqueue(conn, Letter::ResetPassword { login: before }).await?;
            Ok(account.id)
        })
        .await
}

// Factors from before stay: who has only stolen the mailbox does not get past them.
async fn lock_everybody_out(conn: &mut Conn, account: AccountId, since: DateTime<Utc>) -> Result<()> {
    Session::delete_all(conn, account, None).await?;
    ApiToken::delete_all(conn, account).await?;
    AppPassword::delete_all(conn, account).await?;
    Account::void_password(conn, account).await?;
    added_since::remove(conn, account, since).await
}
