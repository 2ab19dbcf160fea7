//! Look at an account.

use actix_web::get;
use actix_web::web::Data;

use super::listed_account::ListedAccount;
use crate::platform::Platform;
use crate::platform::auth::{Admin, Identity};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id};
use crate::platform::id::AccountId;

/// An account, as administrators see it.
#[utoipa::path(tag = "administration", params(("id" = AccountId, Path)), responses(
    (status = 200, body = ListedAccount), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
#[get("/admin/accounts/{id}")]
pub(in crate::accounts) async fn get(
    platform: Data<Platform>,
    _: Identity<Admin>,
    Id(id): Id<AccountId>,
) -> Result<Found<ListedAccount>> {
    let found = ListedAccount::find(&mut *platform.db.conn().await?, id).await?;
    found.map(Found).ok_or(Error::NotFound("account"))
}
