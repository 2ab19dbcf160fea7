//! List what is new.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Datelike, Utc};

use super::release::ReleaseSummary;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::ReleaseId;

/// Published releases, newest first.
#[utoipa::path(tag = "releases", params(PagingQuery), responses(
    (status = 200, body = Page<ReleaseSummary>), (status = 422, body = Problem)))]
#[get("/releases")]
pub(super) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    paging: Paging<(DateTime<Utc>, ReleaseId)>,
) -> Result<Found<Page<ReleaseSummary>>> {
    let after = paging.after.map(plausible).transpose()?;
    let mut conn = platform.db.conn().await?;
    let list = ReleaseSummary::list_newest(&mut conn, viewer.account(), after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |release| (release.published_at, release.id))))
}

// A cursor is what a client says it is; PostgreSQL knows no times outside of its calendar.
fn plausible(after: (DateTime<Utc>, ReleaseId)) -> Result<(DateTime<Utc>, ReleaseId)> {
    match after.0.year() {
        1970..=9999 => Ok(after),
        _ => Err(Error::invalid("cursor", "This is not a cursor that this list gave out.")),
    }
}
