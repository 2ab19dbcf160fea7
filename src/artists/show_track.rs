//! Show a track.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::duplicates::Duplicates;
use super::track::Track;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, IfMatch, IfNoneMatchHeader, PartlyEditable};
use crate::platform::id::{AccountId, TrackId};

/// A track by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrackByItself {
    #[serde(flatten)]
    track: Track,
    /// Where else it is, for members of its artist; null for others.
    duplicates: Option<Duplicates>,
}

/// A track: for others than members of its artist only once its release is published and it is ready.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path), IfNoneMatchHeader), responses(
    (status = 200, body = TrackByItself, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 304, description = "As the client holds it"), (status = 404, body = Problem)))]
#[get("/tracks/{id}")]
pub(super) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    Id(id): Id<TrackId>,
) -> Result<PartlyEditable<TrackByItself, Track>> {
    show_all(&mut *platform.db.conn().await?, id, viewer.account()).await
}

// What others do elsewhere is no change of this track: its tag for `If-Match` is that of the track alone.
async fn show_all(
    conn: &mut Conn,
    id: TrackId,
    viewer: Option<AccountId>,
) -> Result<PartlyEditable<TrackByItself, Track>> {
    let track = read(conn, id, viewer).await?;
    let duplicates = match viewer.filter(|_| track.mine) {
        Some(member) => Some(Duplicates::find(conn, id, member).await?),
        None => None,
    };
    Ok(PartlyEditable { body: TrackByItself { track: track.clone(), duplicates }, edited: track })
}

pub(super) async fn show(db: &Db, id: TrackId, viewer: Option<AccountId>) -> Result<Track> {
    read(&mut *db.conn().await?, id, viewer).await
}

/// Refuses to go on with a track, which the caller has locked, when it is no longer what the editor saw.
pub(super) async fn require(conn: &mut Conn, id: TrackId, editor: AccountId, if_match: &IfMatch) -> Result<()> {
    if !if_match.asks() {
        return Ok(());
    }
    if_match.require_part(&read(conn, id, Some(editor)).await?)
}

async fn read(conn: &mut Conn, id: TrackId, viewer: Option<AccountId>) -> Result<Track> {
    Track::find(conn, id, viewer).await?.ok_or(Error::NotFound("track"))
}
