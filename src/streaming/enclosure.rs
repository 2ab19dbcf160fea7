//! What a feed encloses: a whole file at an address that holds as long as the track is public and its artist has a feed.
//!
//! A podcast client keeps the address for years, so it is no grant: each request asks the catalogue anew (ADR 42). What is
//! fetched counts as no play, for nobody knows whether it is heard.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, route};

use super::audio;
use super::renditions::require_here;
use crate::artists;
use crate::platform::Platform;
use crate::platform::country::Country;
use crate::platform::error::{Error, Problem, Result};

/// A public track of an artist with a feed, as a file: `Range`, `If-Range`, `If-None-Match`, `HEAD`. Nobody needs an account.
#[utoipa::path(get, path = "/enclosures/{file}", tag = "outward",
    params(("file" = String, Path, description = "The track's id, and what the file is: `.mp3`, `.opus` or `.flac`")), responses(
    (status = 200, content_type = "audio/mpeg"), (status = 206, content_type = "audio/mpeg"), (status = 304),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 416, body = Problem)))]
#[route("/enclosures/{file}", method = "GET", method = "HEAD")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    country: Country,
    file: Path<String>,
) -> Result<HttpResponse> {
    let found = find(&platform, &file).await?;
    require_here(found.territories.as_ref(), &country)?;
    let object = platform.storage.open(&found.object_key).await?;
    let hold = platform.auth.hold([None; 3], platform.clock.now());
    let mut response = audio::send(&request, &platform, hold, &object, &found.mime);
    // Another file may stand here tomorrow, or none.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

async fn find(platform: &Platform, file: &str) -> Result<artists::Enclosure> {
    let (track, ending) = file.split_once('.').ok_or(Error::NotFound("file"))?;
    let track = track.parse().map_err(|_| Error::NotFound("file"))?;
    let found = artists::find_enclosure(&mut *platform.db.conn().await?, track, ending).await?;
    found.ok_or(Error::NotFound("file"))
}
