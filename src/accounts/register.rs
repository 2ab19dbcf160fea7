//! Open an account.

use actix_web::post;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::Account;
use super::me::Me;
use super::{Email, Handle, Password};
use crate::platform::Platform;
use crate::platform::auth::Role;
use crate::platform::db::Db;
use crate::platform::error::{Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Created, Json};
use crate::platform::id::AccountId;
use crate::platform::outbox;

/// What somebody fills in to open an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    pub(crate) handle: Handle,
    pub(crate) email: Email,
    /// 8 to 256 characters.
    #[schema(value_type = String, min_length = 8, max_length = 256)]
    pub(crate) password: Password,
}

/// Open an account.
#[utoipa::path(tag = "accounts", request_body = NewAccount, responses(
    (status = 201, body = Me), (status = 409, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem)))]
#[post("/accounts")]
pub(super) async fn post(platform: Data<Platform>, Json(new): Json<NewAccount>) -> Result<Created<Me>> {
    let account = register(&platform.db, new, Role::Listener).await?;
    Ok(Created(account.into()))
}

/// Façade: opens an account with a role, for the command line and the demo catalogue.
pub(crate) async fn create(db: &Db, new: NewAccount, role: Role) -> Result<AccountId> {
    Ok(register(db, new, role).await?.id)
}

async fn register(db: &Db, new: NewAccount, role: Role) -> Result<Account> {
    let hash = new.password.hash().await?; // slow: before a connection is taken
    db.transaction(async |conn| {
        let account = Account::insert(conn, &new.handle, &new.email, &hash, role).await?;
        let registered = Event::AccountRegistered { account: account.id, handle: account.handle.clone() };
        outbox::record(conn, &registered).await?;
        Ok(account)
    })
    .await
}
