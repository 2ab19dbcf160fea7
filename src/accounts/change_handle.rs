//! Change an account's handle. The old one leads to the account for good, and nobody else gets it.

use std::time::Duration;

use actix_web::put;
use actix_web::web::Data;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::account::{Account, take_handle};
use super::edit_me::changed;
use super::me::Me;
use super::registration::Registration;
use super::reserved::is_reserved;
use super::{Handle, audit};
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Editable, IfMatch, IfMatchHeader, Json};
use crate::platform::id::AccountId;
use crate::platform::outbox;

/// So many changes in so long a time: handles are kept for good, so nobody may collect them.
const CHANGES: usize = 3;
const IN: TimeDelta = TimeDelta::days(30);

const ACTION: &str = "handle_changed";

/// The handle to have from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHandle {
    handle: Handle,
}

/// Change one's handle, at most three times in 30 days. The old one leads to the new one and stays one's own: it may be
/// taken back.
#[utoipa::path(tag = "accounts", params(IfMatchHeader), request_body = NewHandle, responses(
    (status = 200, body = Me, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem),
    (status = 412, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[put("/me/handle")]
pub(super) async fn put(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    if_match: IfMatch,
    Json(new): Json<NewHandle>,
) -> Result<Editable<Me>> {
    change(&platform, identity.account, &new.handle, &if_match).await.map(|account| Editable(account.into()))
}

async fn change(platform: &Platform, id: AccountId, handle: &Handle, if_match: &IfMatch) -> Result<Account> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let account = Account::lock(conn, id).await?.ok_or(Error::Unauthenticated)?;
            if_match.require(&Me::from(account.clone()))?;
            if account.handle == handle.as_str() {
                return Ok(account);
            }
            require_patience(conn, id, now).await?;
            require_free(conn, id, handle, now).await?;
            take_handle(conn, handle, id).await?;
            let account = Account::set_handle(conn, id, handle).await?;
            audit::record(conn, Some(id), id, ACTION, json!({})).await?;
            outbox::record(conn, &changed(&account)).await?;
            Ok(account)
        })
        .await
}

async fn require_patience(conn: &mut Conn, id: AccountId, now: DateTime<Utc>) -> Result<()> {
    let changes = audit::times(conn, id, ACTION, now - IN).await?;
    // The newest come first: when the third of them is old enough, there is room for another.
    match changes.get(CHANGES - 1) {
        Some(third) => {
            let retry_after = (*third + IN - now).to_std().unwrap_or(Duration::from_secs(1));
            Err(Error::TooManyRequests { retry_after })
        }
        None => Ok(()),
    }
}

// One's own former handle is free whatever the rules have become since.
async fn require_free(conn: &mut Conn, id: AccountId, handle: &Handle, now: DateTime<Utc>) -> Result<()> {
    if Account::had_handle(conn, id, handle).await? {
        return Ok(());
    }
    if is_reserved(handle.as_str()) {
        return Err(Error::Refused(Code::HandleReserved));
    }
    if Registration::holds_handle(conn, handle.as_str(), now).await? {
        return Err(Error::Refused(Code::HandleTaken));
    }
    Ok(())
}
