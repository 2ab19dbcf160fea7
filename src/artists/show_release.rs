//! Show a release with its tracks.

use actix_web::get;
use actix_web::web::Data;

use super::release::{Release, ReleaseSummary};
use super::track::Track;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id};
use crate::platform::id::{AccountId, ReleaseId};

/// A release with its tracks: for others than its members only once it is published, and only what is ready.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path)), responses(
    (status = 200, body = Release), (status = 404, body = Problem)))]
#[get("/releases/{id}")]
pub(super) async fn get(platform: Data<Platform>, viewer: Viewer, Id(id): Id<ReleaseId>) -> Result<Found<Release>> {
    show(&platform.db, id, viewer.account()).await.map(Found)
}

pub(super) async fn show(db: &Db, id: ReleaseId, viewer: Option<AccountId>) -> Result<Release> {
    let mut conn = db.conn().await?;
    let summary = ReleaseSummary::find(&mut conn, id, viewer).await?.ok_or(Error::NotFound("release"))?;
    let tracks = Track::list_of(&mut conn, id, viewer).await?;
    Ok(Release { summary, tracks })
}
