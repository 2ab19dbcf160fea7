//! Who am I?

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::account::Account;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Role};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Found;
use crate::platform::id::AccountId;

/// The account as it sees itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    id: AccountId,
    handle: String,
    display_name: String,
    email: String,
    email_confirmed: bool,
    role: Role,
    created_at: DateTime<Utc>,
}

impl From<Account> for Me {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            role: account.role,
            handle: account.handle,
            display_name: account.display_name,
            email: account.email,
            email_confirmed: account.email_confirmed_at.is_some(),
            created_at: account.created_at,
        }
    }
}

/// The signed-in account.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Me), (status = 401, body = Problem)))]
#[get("/me")]
pub(super) async fn get(platform: Data<Platform>, identity: Identity) -> Result<Found<Me>> {
    let account = Account::find(&mut *platform.db.conn().await?, identity.account).await?;
    account.map(|account| Found(account.into())).ok_or(Error::Unauthenticated)
}
