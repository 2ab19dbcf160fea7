//! Who am I?

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::account::Account;
use super::{Language, picture};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read, Role};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Editable, IfNoneMatchHeader};
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
    language: Language,
    /// IANA's name, such as `Europe/Berlin`.
    time_zone: String,
    /// Null where there is none.
    picture_url: Option<String>,
    has_password: bool,
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
            language: account.language,
            time_zone: account.time_zone,
            picture_url: account.picture_key.as_deref().map(picture::url),
            has_password: account.has_password,
            created_at: account.created_at,
        }
    }
}

/// The signed-in account.
#[utoipa::path(tag = "accounts", params(IfNoneMatchHeader), responses(
    (status = 200, body = Me, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 304), (status = 401, body = Problem)))]
#[get("/me")]
pub(super) async fn get(platform: Data<Platform>, identity: Identity<Read>) -> Result<Editable<Me>> {
    let account = Account::find(&mut *platform.db.conn().await?, identity.account).await?;
    account.map(|account| Editable(account.into())).ok_or(Error::Unauthenticated)
}
