//! Show an account to everybody.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, Responder, get};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::account::Account;
use super::picture;
use crate::platform::Platform;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Found;
use crate::platform::id::AccountId;

/// What everybody may know of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Profile {
    id: AccountId,
    handle: String,
    display_name: String,
    /// Null where there is none.
    picture_url: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<Account> for Profile {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            handle: account.handle,
            display_name: account.display_name,
            picture_url: account.picture_key.as_deref().map(picture::url),
            created_at: account.created_at,
        }
    }
}

/// An account's public profile. A former handle leads to the one of today.
#[utoipa::path(tag = "accounts", params(("handle" = String, Path)), responses(
    (status = 200, body = Profile),
    (status = 308, description = "The handle changed", headers(("Location" = String, description = "The profile under today's handle"))),
    (status = 404, body = Problem)))]
#[get("/accounts/{handle}")]
pub(super) async fn get(request: HttpRequest, platform: Data<Platform>, handle: Path<String>) -> Result<HttpResponse> {
    let asked = handle.to_lowercase();
    let account = show(&platform, &asked).await?;
    if account.handle == asked {
        return Ok(Found(Profile::from(account)).respond_to(&request));
    }
    let today = format!("/api/v1/accounts/{}", account.handle);
    Ok(redirect(&today))
}

// Asked for each time: the handle of today may be tomorrow's former one, and the other way round.
fn redirect(path: &str) -> HttpResponse {
    let mut response = HttpResponse::PermanentRedirect();
    response.insert_header((header::CACHE_CONTROL, "no-cache")).insert_header((header::LOCATION, path)).finish()
}

// Whoever is suspended or about to leave is not there.
async fn show(platform: &Platform, handle: &str) -> Result<Account> {
    let account = Account::find_by_handle(&mut *platform.db.conn().await?, handle).await?;
    let is_there = |account: &Account| account.suspended_at.is_none() && account.closing_until.is_none();
    account.filter(is_there).ok_or(Error::NotFound("account"))
}
