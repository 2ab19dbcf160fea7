//! Show a track.

use actix_web::get;
use actix_web::web::Data;

use super::track::Track;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id};
use crate::platform::id::{AccountId, TrackId};

/// A track: for others than members of its artist only once its release is published and it is ready.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path)), responses(
    (status = 200, body = Track), (status = 404, body = Problem)))]
#[get("/tracks/{id}")]
pub(super) async fn get(platform: Data<Platform>, viewer: Viewer, Id(id): Id<TrackId>) -> Result<Found<Track>> {
    show(&platform.db, id, viewer.account()).await.map(Found)
}

pub(super) async fn show(db: &Db, id: TrackId, viewer: Option<AccountId>) -> Result<Track> {
    Track::find(&mut *db.conn().await?, id, viewer).await?.ok_or(Error::NotFound("track"))
}
