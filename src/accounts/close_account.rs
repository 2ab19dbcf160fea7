//! Close one's account: it is erased after two weeks, unless its owner comes back.

use actix_web::web::Data;
use actix_web::{HttpResponse, delete};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::account::Account;
use super::administration::{lock_with_admins, require_admin_left};
use super::letter::{self, Letter};
use super::{access, audit, closing};
use crate::platform::Platform;
use crate::platform::auth::{self, Fresh, Identity, Role};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::id::AccountId;

/// How long a closing account may come back.
const GRACE: TimeDelta = TimeDelta::days(14);

/// An account that is about to be closed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Closing {
    /// Until then, signing in with `reopen` keeps the account; then it is erased.
    closing_until: DateTime<Utc>,
}

/// Close this account. All access to it ends now; it is erased in 14 days, unless somebody signs in with `reopen` before.
#[utoipa::path(tag = "accounts", responses(
    (status = 202, body = Closing), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, body = Problem)))]
#[delete("/me")]
pub(super) async fn delete(platform: Data<Platform>, identity: Identity<Fresh>) -> Result<HttpResponse> {
    let closing = close(&platform, identity.account).await?;
    let gone = auth::session_cookie(&platform.config, None, platform.clock.now());
    Ok(HttpResponse::Accepted().cookie(gone).json(closing))
}

async fn close(platform: &Platform, id: AccountId) -> Result<Closing> {
    let closing_until = platform.clock.now() + GRACE;
    let ended = platform
        .db
        .transaction(async |conn| {
            lock_with_admins(conn, &[id]).await?;
            let account = Account::find(conn, id).await?.ok_or(Error::Unauthenticated)?;
            closing::begin(conn, id, closing_until).await?;
            if account.role == Role::Admin {
                require_admin_left(conn).await?;
            }
            audit::record(conn, Some(id), id, "closed", json!({})).await?;
            letter::enqueue(conn, Letter::AccountClosing { account: id }).await?;
            access::end_all(conn, platform, id).await
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(Closing { closing_until })
}
