//! Take a track away as a file.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, route};

use super::file::{self, Wanted};
use crate::artists;
use crate::platform::Platform;
use crate::platform::auth::{Hold, Listen, Proof, Subject, Viewer};
use crate::platform::config::StrangersHear;
use crate::platform::country::Country;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, Query};
use crate::platform::id::TrackId;
use crate::streaming::audio;
use crate::streaming::renditions::require_here;

/// A track as a file, where its release allows it: `Range`, `If-Range`, `If-None-Match`, `HEAD`. Whoever acts for the artist may
/// always take it.
#[utoipa::path(get, path = "/tracks/{id}/download", tag = "media", params(("id" = TrackId, Path), Wanted), responses(
    (status = 200, content_type = "audio/flac"), (status = 206, content_type = "audio/flac"), (status = 304), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 406, body = Problem), (status = 416, body = Problem),
    (status = 422, body = Problem)))]
#[route("/tracks/{id}/download", method = "GET", method = "HEAD")]
pub(in crate::streaming) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    viewer: Viewer<Listen>,
    country: Country,
    Id(id): Id<TrackId>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse> {
    send(&request, &platform, viewer.0.as_ref(), &country, (id, wanted)).await
}

async fn send(
    request: &HttpRequest,
    platform: &Platform,
    proof: Option<&Proof>,
    country: &Country,
    (id, wanted): (TrackId, Wanted),
) -> Result<HttpResponse> {
    require_account(platform, proof)?;
    let mut conn = platform.db.conn().await?;
    let viewer = proof.map(|proof| proof.account);
    let track = artists::playable(&mut conn, &[id], viewer).await?.pop().ok_or(Error::NotFound("track"))?;
    let release = artists::downloadable_release(&mut conn, track.release_id, viewer).await?;
    drop(conn);
    if !release.is_some_and(|(_, is_allowed)| is_allowed) {
        return Err(Error::Forbidden);
    }
    require_here(track.territories.as_ref(), country)?;
    let (rendition, format) = file::best(&track, wanted)?;
    let object = platform.storage.open(&rendition.object_key).await?;
    let mut response = audio::send(request, platform, hold(platform, proof), &object, &rendition.mime);
    let name = file::name(None, &format!("{} - {}", track.artist_name, track.title), format);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(disposition) = HeaderValue::from_str(&file::attachment(&name).to_string()) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// Who hears no more than a piece takes nothing away.
pub(super) fn require_account(platform: &Platform, proof: Option<&Proof>) -> Result<()> {
    let may = proof.is_some() || platform.config.strangers_hear == StrangersHear::Whole;
    if may { Ok(()) } else { Err(Error::Unauthenticated) }
}

/// What ends with the session or API token of who fetches it.
pub(super) fn hold(platform: &Platform, proof: Option<&Proof>) -> Hold {
    let [credential, account] =
        proof.map(|proof| proof.subjects().map(Subject::uuid)).map_or([None; 2], |all| all.map(Some));
    platform.auth.hold([credential, account, None], platform.clock.now())
}
