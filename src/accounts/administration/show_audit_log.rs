//! What was done to an account: for administrators, and for its owner.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::accounts::audit::AuditEntry;
use crate::platform::Platform;
use crate::platform::auth::{Admin, Identity};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Id, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, AuditId};

/// A line of one's own audit log. Who of those who run the server did it, is theirs to know.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnAuditEntry {
    id: AuditId,
    by_me: bool,
    action: String,
    #[schema(value_type = Object)]
    detail: Value,
    created_at: DateTime<Utc>,
}

/// What was done to an account, newest first; also when it is erased.
#[utoipa::path(tag = "administration", params(("id" = AccountId, Path), PagingQuery), responses(
    (status = 200, body = Page<AuditEntry>), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 422, body = Problem)))]
#[get("/admin/accounts/{id}/audit-log")]
pub(in crate::accounts) async fn get(
    platform: Data<Platform>,
    _: Identity<Admin>,
    Id(id): Id<AccountId>,
    paging: Paging<AuditId>,
) -> Result<Found<Page<AuditEntry>>> {
    list(&platform, id, &paging).await.map(Found)
}

/// What was done to this account, newest first.
#[utoipa::path(tag = "accounts", params(PagingQuery), responses(
    (status = 200, body = Page<OwnAuditEntry>), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 422, body = Problem)))]
#[get("/me/audit-log")]
pub(in crate::accounts) async fn mine(
    platform: Data<Platform>,
    identity: Identity,
    paging: Paging<AuditId>,
) -> Result<Found<Page<OwnAuditEntry>>> {
    let me = identity.account;
    let Page { items, next_cursor } = list(&platform, me, &paging).await?;
    let items = items.into_iter().map(|entry| own(entry, me)).collect();
    Ok(Found(Page { items, next_cursor }))
}

async fn list(platform: &Platform, account: AccountId, paging: &Paging<AuditId>) -> Result<Page<AuditEntry>> {
    let log = AuditEntry::list(&mut *platform.db.conn().await?, account, paging.after, paging.limit).await?;
    Ok(Page::new(log, paging.limit, |entry| entry.id))
}

fn own(entry: AuditEntry, me: AccountId) -> OwnAuditEntry {
    let AuditEntry { id, actor_id, action, detail, created_at } = entry;
    OwnAuditEntry { id, by_me: actor_id == Some(me), action, detail, created_at }
}
