//! Show a track's waveform.

use actix_web::get;
use actix_web::web::Data;

use super::analysis::Waveform;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id};
use crate::platform::id::TrackId;

/// A track's waveform.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path)), responses(
    (status = 200, body = Waveform), (status = 404, body = Problem)))]
#[get("/tracks/{id}/waveform")]
pub(super) async fn get(platform: Data<Platform>, viewer: Viewer, Id(id): Id<TrackId>) -> Result<Found<Waveform>> {
    let waveform = Waveform::find(&mut *platform.db.conn().await?, id, viewer.account()).await?;
    waveform.map(Found).ok_or(Error::NotFound("waveform"))
}
