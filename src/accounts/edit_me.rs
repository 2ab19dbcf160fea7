//! Edit one's own account.

use actix_web::patch;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::Account;
use super::me::Me;
use super::{Language, Name, TimeZone};
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Editable, IfMatch, IfMatchHeader, Json};
use crate::platform::id::AccountId;
use crate::platform::outbox;

/// What of an account its owner may change at any time. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyChanges {
    #[serde(default)]
    display_name: Option<Name>,
    /// Of letters and pages.
    #[serde(default)]
    language: Option<Language>,
    #[serde(default)]
    time_zone: Option<TimeZone>,
}

/// Change one's display name, language or time zone.
#[utoipa::path(tag = "accounts", params(IfMatchHeader), request_body = MyChanges, responses(
    (status = 200, body = Me, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
#[patch("/me")]
pub(super) async fn patch(
    platform: Data<Platform>,
    identity: Identity,
    if_match: IfMatch,
    Json(changes): Json<MyChanges>,
) -> Result<Editable<Me>> {
    edit(&platform.db, identity.account, &changes, &if_match).await.map(|account| Editable(account.into()))
}

async fn edit(db: &Db, id: AccountId, changes: &MyChanges, if_match: &IfMatch) -> Result<Account> {
    db.transaction(async |conn| {
        let before = Account::lock(conn, id).await?.ok_or(Error::Unauthenticated)?;
        if_match.require(&Me::from(before.clone()))?;
        let name = changes.display_name.as_ref().map_or(before.display_name.as_str(), Name::as_str);
        let zone = changes.time_zone.as_ref().map_or(before.time_zone.as_str(), TimeZone::as_str);
        let after = Account::edit(conn, id, name, changes.language.unwrap_or(before.language), zone).await?;
        if after.display_name != before.display_name {
            outbox::record(conn, &changed(&after)).await?;
        }
        Ok(after)
    })
    .await
}

/// What others are told of a new handle or display name.
pub(super) fn changed(account: &Account) -> Event {
    let (handle, display_name) = (account.handle.clone(), account.display_name.clone());
    Event::AccountChanged { account: account.id, handle, display_name }
}
