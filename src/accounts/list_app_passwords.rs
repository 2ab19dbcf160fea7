//! List an account's app passwords.

use actix_web::get;
use actix_web::web::Data;

use super::app_password::AppPassword;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::AppPasswordId;

/// The account's app passwords, newest first, without the passwords.
#[utoipa::path(tag = "accounts", params(PagingQuery), responses(
    (status = 200, body = Page<AppPassword>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/app-passwords")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity,
    paging: Paging<AppPasswordId>,
) -> Result<Found<Page<AppPassword>>> {
    let mut conn = platform.db.conn().await?;
    let passwords = AppPassword::list(&mut conn, identity.account, paging.after, paging.limit).await?;
    Ok(Found(Page::new(passwords, paging.limit, |password| password.id)))
}
