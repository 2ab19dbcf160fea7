//! Suspend an account.

use actix_web::put;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::authority::{By, require_admin_left};
use crate::accounts::letter::{self, Letter};
use crate::accounts::{access, audit};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Moderate, Role};
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Id, Json, NoContent};
use crate::platform::id::AccountId;
use crate::platform::outbox;

/// Why an account is suspended, in words for its owner: 1 to 500 characters.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, min_length = 1, max_length = 500)]
pub(crate) struct Reason(String);

impl TryFrom<String> for Reason {
    type Error = &'static str;

    fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
        let text = text.trim();
        if !(1..=500).contains(&text.chars().count()) {
            return Err("A reason has 1 to 500 characters.");
        }
        if text.chars().any(|letter| letter.is_control() && letter != '\n') {
            return Err("A reason holds no control characters.");
        }
        Ok(Self(text.to_owned()))
    }
}

/// A suspension.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suspension {
    reason: Reason,
}

/// Suspend an account: all access to it ends, what plays stops, and its owner is told why. Moderators suspend listeners,
/// administrators everybody but themselves. Again with another reason changes the reason.
#[utoipa::path(tag = "administration", params(("id" = AccountId, Path)), request_body = Suspension, responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[put("/accounts/{id}/suspension")]
pub(in crate::accounts) async fn put(
    platform: Data<Platform>,
    identity: Identity<Moderate>,
    Id(id): Id<AccountId>,
    Json(suspension): Json<Suspension>,
) -> Result<NoContent> {
    suspend(&platform, By::Account(identity.account), id, &suspension.reason).await.map(|()| NoContent)
}

/// Façade: suspends an account until it is reinstated.
pub(crate) async fn suspend(platform: &Platform, by: By, target: AccountId, reason: &Reason) -> Result<()> {
    let ended = platform
        .db
        .transaction(async |conn| {
            by.lock(conn, target).await?;
            let before = by.suspend(conn, target, &reason.0, platform.clock.now()).await?;
            if before.role == Role::Admin {
                require_admin_left(conn).await?;
            }
            audit::record(conn, by.account(), target, "suspended", json!({ "again": before.suspended })).await?;
            if !before.suspended {
                tell(conn, platform, target).await?;
            }
            access::end_all(conn, platform, target).await
        })
        .await?;
    platform.auth.forget(&ended);
    Ok(())
}

async fn tell(conn: &mut Conn, platform: &Platform, target: AccountId) -> Result<()> {
    letter::enqueue(conn, Letter::Suspended { account: target }).await?;
    let at = platform.clock.now();
    outbox::record(conn, &Event::SuspensionChanged { account: target, suspended: true, at }).await
}
