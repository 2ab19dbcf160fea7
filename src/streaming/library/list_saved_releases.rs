//! List the releases that an account saved.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::saved_release::SavedRow;
use crate::artists::{self, ReleaseSummary};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery, Query};
use crate::platform::id::{AccountId, ReleaseId};
use crate::streaming::place::Place;

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SavedQuery {
    /// This one alone, if it is saved.
    release: Option<ReleaseId>,
}

/// A release that the account saved.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SavedRelease {
    release_id: ReleaseId,
    /// Null where the listener may see it no longer.
    release: Option<ReleaseSummary>,
    saved_at: DateTime<Utc>,
}

/// The releases that the account saved, the latest first.
#[utoipa::path(tag = "library", params(SavedQuery, PagingQuery), responses(
    (status = 200, body = Page<SavedRelease>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/library/releases")]
pub(in crate::streaming) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Query(query): Query<SavedQuery>,
    paging: Paging<Place<ReleaseId>>,
) -> Result<Found<Page<SavedRelease>>> {
    list(&platform, identity.account, &query, &paging).await.map(Found)
}

async fn list(
    platform: &Platform,
    account: AccountId,
    query: &SavedQuery,
    paging: &Paging<Place<ReleaseId>>,
) -> Result<Page<SavedRelease>> {
    let after = Place::plausible(paging.after)?;
    let mut conn = platform.db.conn().await?;
    let rows = SavedRow::list(&mut conn, account, query.release, after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(rows, paging.limit, SavedRow::place);
    let ids: Vec<ReleaseId> = items.iter().map(|row| row.release_id).collect();
    let open = artists::open_releases(&mut conn, &ids, account).await?;
    let mut open: HashMap<ReleaseId, ReleaseSummary> = open.into_iter().map(|release| (release.id, release)).collect();
    let items = items.into_iter().map(|SavedRow { release_id, saved_at }| {
        let release = open.remove(&release_id);
        SavedRelease { release_id, release, saved_at }
    });
    Ok(Page { items: items.collect(), next_cursor })
}
