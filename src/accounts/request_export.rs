//! Ask for everything that is the account's: a job makes the archive, a letter says when it is there.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, TimeDelta, Utc};

use super::build_export::BuildExport;
use super::export::{Export, ExportState};
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::id::AccountId;
use crate::platform::jobs;

/// A whole archive is enough for so long.
const PAUSE: TimeDelta = TimeDelta::hours(1);

/// Ask for an archive of everything that is this account's. While one is being made, that one is answered with.
#[utoipa::path(tag = "accounts", responses(
    (status = 202, body = Export), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 429, body = Problem)))]
#[post("/me/export")]
pub(super) async fn post(platform: Data<Platform>, identity: Identity<Fresh>) -> Result<HttpResponse> {
    request(&platform, identity.account).await.map(|export| HttpResponse::Accepted().json(export))
}

async fn request(platform: &Platform, account: AccountId) -> Result<Export> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            refuse_too_soon(conn, account, now).await?;
            if let Some(export) = Export::insert(conn, account, now).await? {
                jobs::enqueue(conn, BuildExport { export: export.id }).await?;
                return Ok(export);
            }
            Export::newest(conn, account, now).await?.ok_or(Error::Unavailable)
        })
        .await
}

// An archive may hold many gigabytes.
async fn refuse_too_soon(conn: &mut Conn, account: AccountId, now: DateTime<Utc>) -> Result<()> {
    match Export::newest(conn, account, now).await? {
        Some(newest) if newest.state == ExportState::Ready && newest.created_at + PAUSE > now => {
            let retry_after = (newest.created_at + PAUSE - now).to_std().unwrap_or_default();
            Err(Error::TooManyRequests { retry_after })
        }
        _ => Ok(()),
    }
}
