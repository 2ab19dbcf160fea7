//! Show a track's waveform.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::analysis::Analysis;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id};
use crate::platform::id::TrackId;

/// A track's shape.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Waveform {
    pub(crate) duration_ms: i64,
    /// 1,800 absolute peaks over the whole length: 0 is silence, 255 full scale.
    pub(crate) peaks: Vec<u8>,
}

/// A track's waveform.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path)), responses(
    (status = 200, body = Waveform), (status = 404, body = Problem)))]
#[get("/tracks/{id}/waveform")]
pub(super) async fn get(platform: Data<Platform>, viewer: Viewer, Id(id): Id<TrackId>) -> Result<Found<Waveform>> {
    let waveform = Analysis::waveform(&mut *platform.db.conn().await?, id, viewer.account()).await?;
    let (duration_ms, peaks) = waveform.ok_or(Error::NotFound("waveform"))?;
    Ok(Found(Waveform { duration_ms, peaks }))
}
