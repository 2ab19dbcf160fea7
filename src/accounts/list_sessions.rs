//! List an account's sessions.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::session::Session;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page};
use crate::platform::id::{AccountId, SessionId};

/// A signed-in device, as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedInDevice {
    id: SessionId,
    /// What it called itself (`User-Agent`) as it signed in.
    device: String,
    /// Where it was last used from; to about five minutes, as is the time.
    address: String,
    created_at: DateTime<Utc>,
    last_used_at: DateTime<Utc>,
    /// At the latest; a session that nobody uses ends before.
    expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    current: bool,
}

/// The account's sessions, the one used last first. All of them are on one page.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, body = Page<SignedInDevice>), (status = 401, body = Problem)))]
#[get("/me/sessions")]
pub(super) async fn get(platform: Data<Platform>, identity: Identity) -> Result<Found<Page<SignedInDevice>>> {
    let items = list(&platform, identity.account, identity.session()).await?;
    Ok(Found(Page { items, next_cursor: None }))
}

async fn list(platform: &Platform, account: AccountId, current: SessionId) -> Result<Vec<SignedInDevice>> {
    let mut conn = platform.db.conn().await?;
    let sessions = Session::list(&mut conn, &platform.config, account, platform.clock.now()).await?;
    Ok(sessions.into_iter().map(|session| as_seen(session, current)).collect())
}

fn as_seen(session: Session, current: SessionId) -> SignedInDevice {
    SignedInDevice {
        current: session.id == current,
        id: session.id,
        device: session.device,
        address: session.address,
        created_at: session.created_at,
        last_used_at: session.last_used_at,
        expires_at: session.expires_at,
    }
}
