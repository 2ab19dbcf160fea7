//! Show what is missing before a release should be published.

use actix_web::get;
use actix_web::web::Data;

use super::checklist::{self, Checklist};
use crate::artists::duplicates::Duplicates;
use crate::artists::{show_release, splits};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id};
use crate::platform::id::{AccountId, ReleaseId, TrackId};

/// What is missing before a release can be published, and what is advised, with what the quality reports found; for
/// members of its artist.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path)), responses(
    (status = 200, body = Checklist), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/releases/{id}/checklist")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Id(id): Id<ReleaseId>,
) -> Result<Found<Checklist>> {
    show(&platform.db, id, identity.account).await.map(Found)
}

/// Whether nothing stands in the way of publishing a release.
pub(in crate::artists) async fn can_be_published(db: &Db, id: ReleaseId, member: AccountId) -> Result<bool> {
    show(db, id, member).await.map(|checklist| checklist.ready)
}

async fn show(db: &Db, id: ReleaseId, member: AccountId) -> Result<Checklist> {
    let release = show_release::show(db, id, Some(member)).await?;
    if !release.summary.mine {
        return Err(Error::NotFound("release"));
    }
    let mut conn = db.conn().await?;
    let unsettled = splits::unsettled(&mut conn, id).await?;
    let tracks: Vec<TrackId> = release.tracks.iter().map(|track| track.id).collect();
    let duplicates = Duplicates::find_all(&mut conn, &tracks, member).await?;
    Ok(checklist::of(&release, &unsettled, &duplicates))
}
