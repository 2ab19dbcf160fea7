//! Show a track's waveform.

use actix_web::get;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::IntoParams;

use super::analysis::Waveform;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id, Query};
use crate::platform::id::{AccountId, TrackId};

/// How closely to look.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Resolution {
    /// In how many parts: 225, 1800 or 7200. A track that was analysed by an early version has 1800 alone.
    #[serde(default = "usual")]
    #[param(default = 1800)]
    parts: usize,
    /// The secret of a link to the track's release: whoever holds it needs no account.
    #[serde(default)]
    #[param(max_length = 100)]
    link: Option<String>,
}

fn usual() -> usize {
    legato_audio::Waveform::PARTS[1]
}

/// A track's waveform.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path), Resolution), responses(
    (status = 200, body = Waveform), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/tracks/{id}/waveform")]
pub(super) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    Id(id): Id<TrackId>,
    Query(resolution): Query<Resolution>,
) -> Result<Found<Waveform>> {
    show(&mut *platform.db.conn().await?, id, viewer.account(), &resolution).await.map(Found)
}

async fn show(conn: &mut Conn, id: TrackId, viewer: Option<AccountId>, resolution: &Resolution) -> Result<Waveform> {
    if !legato_audio::Waveform::PARTS.contains(&resolution.parts) {
        return Err(Error::invalid("parts", "A waveform has 225, 1800 or 7200 parts."));
    }
    let found = Waveform::find(conn, id, viewer, resolution.link.as_deref(), resolution.parts).await?;
    found.ok_or(Error::NotFound("waveform"))
}
