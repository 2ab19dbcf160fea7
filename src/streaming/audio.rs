//! Whole renditions, with ranges (RFC 9110 §14).

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::{Method, StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, route};

use super::body::{self, Announced, ObjectBody};
use super::renditions::{Renditions, hold};
use super::start_play::MAX_AGE;
use crate::platform::Platform;
use crate::platform::auth::Hold;
use crate::platform::country::Country;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::is_fresh;
use crate::platform::http::range::{self, Part};
use crate::platform::storage::{Opened, open_to_serve};

/// A player goes on with an address that it was sent to for as long as it plays: longer than most tracks.
const REDIRECTED_FOR: Duration = Duration::from_secs(3600);

/// A whole file: `Range`, `If-Range`, `If-None-Match`, `HEAD`.
#[utoipa::path(get, path = "/audio/{grant}/{object}", tag = "media",
    params(("grant" = String, Path), ("object" = String, Path, description = "The name of a rendition, such as `opus_ogg_128`")), responses(
    (status = 200, content_type = "audio/ogg"), (status = 206, content_type = "audio/ogg"), (status = 304),
    (status = 307, description = "To the store itself, where the operator wants that (`s3_redirect`)"),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 416, body = Problem)))]
#[route("/audio/{grant}/{object}", method = "GET", method = "HEAD")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    renditions: Data<Renditions>,
    country: Country,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (grant, name) = path.into_inner();
    let (grant, rendition) = renditions.open(&platform, (&grant, &name), &country).await?;
    if grant.is_preview {
        return Err(Error::NotFound("stream"));
    }
    if rendition.segments.as_ref().is_some_and(|index| index.media_key.is_some()) {
        // The heads of segments are no file.
        return Err(Error::NotFound("stream"));
    }
    if let Some(redirect) = redirect(&request, &platform, &rendition.object_key).await? {
        return Ok(redirect);
    }
    let object = open_to_serve(&platform, &rendition.object_key).await?;
    Ok(send(&request, &platform, hold(&platform, &grant), object, &rendition.mime))
}

// Where the store sends what is heard itself. What it would say to HEAD, its signature does not cover.
async fn redirect(request: &HttpRequest, platform: &Platform, key: &str) -> Result<Option<HttpResponse>> {
    if request.method() == Method::HEAD {
        return Ok(None);
    }
    let url = platform.storage.elsewhere(key, REDIRECTED_FOR).await?;
    Ok(url.map(|url| {
        let mut response = HttpResponse::TemporaryRedirect();
        response.insert_header((header::LOCATION, url.as_str())).insert_header((header::CACHE_CONTROL, "no-store"));
        response.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")).finish()
    }))
}

/// A whole object, or the part of it that is asked for, as long as `hold` holds.
pub(super) fn send(
    request: &HttpRequest,
    platform: &Platform,
    hold: Hold,
    object: Arc<Opened>,
    mime: &str,
) -> HttpResponse {
    let size = object.size_bytes;
    if is_fresh(request.headers(), &object.etag) {
        return headers(StatusCode::NOT_MODIFIED, &object, mime).finish();
    }
    let is_head = request.method() == Method::HEAD;
    // Ranges are of GET alone (RFC 9110 §14.2).
    let part = if is_head { Part::Whole } else { range::part(request.headers(), size, &object.etag) };
    let (status, offset, length) = match part {
        Part::Whole => (StatusCode::OK, 0, size),
        Part::Range { offset, length } => (StatusCode::PARTIAL_CONTENT, offset, length),
        Part::Unsatisfiable => return unsatisfiable(size),
    };
    let mut response = headers(status, &object, mime);
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {offset}-{}/{size}", offset + length - 1);
        response.insert_header((header::CONTENT_RANGE, range));
    }
    if is_head {
        return response.body(Announced(length));
    }
    let part = body::Part { object, offset, length };
    response.body(ObjectBody::new(part, None, hold, platform.metrics.audio_bytes.clone()))
}

fn headers(status: StatusCode, object: &Opened, mime: &str) -> HttpResponseBuilder {
    let mut response = media(status, mime);
    response.insert_header((header::ETAG, object.etag.as_str())).insert_header((header::ACCEPT_RANGES, "bytes"));
    response
}

/// What every answer with media carries: it may be fetched from any page, and kept by the listener alone.
pub(super) fn media(status: StatusCode, mime: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .content_type(mime)
        .insert_header((header::CACHE_CONTROL, format!("private, immutable, max-age={}", MAX_AGE.as_secs())))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::ACCESS_CONTROL_EXPOSE_HEADERS, "Content-Range, Content-Length, ETag"))
        .insert_header(("Cross-Origin-Resource-Policy", "cross-origin"));
    response
}

pub(super) fn unsatisfiable(size: u64) -> HttpResponse {
    use actix_web::ResponseError;
    let mut response = Error::Refused(Code::RangeNotSatisfiable).error_response();
    if let Ok(range) = format!("bytes */{size}").parse() {
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    response
}
