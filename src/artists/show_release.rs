//! Show a release with its tracks.

use actix_web::get;
use actix_web::web::Data;

use super::metadata::ReleaseDetails;
use super::release::{Release, ReleaseSummary};
use super::track::Track;
use super::{browse, loudness};
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Editable, Id, IfMatch, IfNoneMatchHeader};
use crate::platform::id::{AccountId, ReleaseId, TrackId};

/// A release with its tracks: for others than its members only once it is published, and only what is ready.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path), IfNoneMatchHeader), responses(
    (status = 200, body = Release, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 304, description = "As the client holds it"), (status = 404, body = Problem)))]
#[get("/releases/{id}")]
pub(super) async fn get(platform: Data<Platform>, viewer: Viewer, Id(id): Id<ReleaseId>) -> Result<Editable<Release>> {
    show(&platform.db, id, viewer.account()).await.map(Editable)
}

pub(super) async fn show(db: &Db, id: ReleaseId, viewer: Option<AccountId>) -> Result<Release> {
    read(&mut *db.conn().await?, id, viewer).await
}

/// Refuses to go on with a release, which the caller has locked, when it is no longer what the editor saw.
pub(super) async fn require(conn: &mut Conn, id: ReleaseId, editor: AccountId, if_match: &IfMatch) -> Result<()> {
    if !if_match.asks() {
        return Ok(());
    }
    if_match.require(&read(conn, id, Some(editor)).await?)
}

async fn read(conn: &mut Conn, id: ReleaseId, viewer: Option<AccountId>) -> Result<Release> {
    let summary = ReleaseSummary::find(conn, id, viewer).await?.ok_or(Error::NotFound("release"))?;
    let tracks = Track::list_of(conn, id, viewer).await?;
    whole(conn, summary, tracks).await
}

/// A release for whoever was let in by a link, with the tracks that can be played.
pub(super) async fn by_link(conn: &mut Conn, id: ReleaseId) -> Result<Release> {
    let summary = ReleaseSummary::find_linked(conn, id).await?.ok_or(Error::NotFound("release"))?;
    let tracks = Track::list_linked(conn, id).await?;
    whole(conn, summary, tracks).await
}

async fn whole(conn: &mut Conn, summary: ReleaseSummary, tracks: Vec<Track>) -> Result<Release> {
    let details = ReleaseDetails::find(conn, summary.id).await?;
    let ids: Vec<TrackId> = tracks.iter().map(|track| track.id).collect();
    let loudness = loudness::of_tracks(conn, &ids).await?;
    let tag_genres = browse::tag_genres(conn, summary.id).await?;
    Ok(Release { summary, details, tag_genres, loudness, tracks })
}
