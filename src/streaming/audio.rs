//! Whole renditions, with ranges (RFC 9110 §14).

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, route};
use bytes::Bytes;

use super::renditions::Renditions;
use super::start_play::MAX_AGE;
use crate::platform::Platform;
use crate::platform::auth::Hold;
use crate::platform::country::Country;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::direct::{Answer, Body};
use crate::platform::http::is_fresh;
use crate::platform::http::range::{self, Part};
use crate::platform::storage::{Extent, Opened, open_to_serve};

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
    let wanted = Wanted { is_head: request.method() == Method::HEAD, headers: request.headers() };
    let answer = answer(&platform, &renditions, &country, (&grant, &name), wanted).await?;
    Ok(answer.map_or_else(unsatisfiable, |answer| answer.into_response(&platform.metrics.audio_bytes)))
}

/// How a whole file is asked for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) is_head: bool,
    pub(super) headers: &'a HeaderMap,
}

/// The answer; or the size of the file, where nothing of it is asked for.
pub(super) async fn answer(
    platform: &Platform,
    renditions: &Renditions,
    country: &Country,
    (grant, name): (&str, &str),
    wanted: Wanted<'_>,
) -> Result<std::result::Result<Answer, u64>> {
    let chosen = renditions.open(platform, (grant, name), country).await?;
    let rendition = chosen.rendition();
    if chosen.grant.is_preview {
        return Err(Error::NotFound("stream"));
    }
    if rendition.segments.as_ref().is_some_and(|index| index.media_key.is_some()) {
        // The heads of segments are no file.
        return Err(Error::NotFound("stream"));
    }
    if let Some(redirect) = redirect(platform, &rendition.object_key, wanted.is_head).await? {
        return Ok(Ok(redirect));
    }
    let object = open_to_serve(platform, &rendition.object_key).await?;
    let mime = rendition.mime.clone();
    Ok(whole(wanted, chosen.hold, &object, mime))
}

// Where the store sends what is heard itself. What it would say to HEAD, its signature does not cover.
async fn redirect(platform: &Platform, key: &str, is_head: bool) -> Result<Option<Answer>> {
    if is_head {
        return Ok(None);
    }
    let url = platform.storage.elsewhere(key, REDIRECTED_FOR).await?;
    Ok(url.map(|url| {
        let (status, body) = (StatusCode::TEMPORARY_REDIRECT, Body::Text(Bytes::new()));
        let answer = Answer { status, headers: Vec::new(), body }.with("location", String::from(url));
        answer.with("cache-control", "no-store").with("access-control-allow-origin", "*")
    }))
}

/// A whole object, or the part of it that is asked for, as long as `hold` holds; its size, where that is nothing of it.
fn whole(wanted: Wanted<'_>, hold: Hold, object: &Arc<Opened>, mime: String) -> std::result::Result<Answer, u64> {
    let size = object.size_bytes;
    let answer = |status, body| {
        let answer = Answer { status, ..media(mime, body) };
        answer.with("etag", object.etag.clone()).with("accept-ranges", "bytes")
    };
    if is_fresh(wanted.headers, &object.etag) {
        return Ok(answer(StatusCode::NOT_MODIFIED, Body::Nothing));
    }
    // Ranges are of GET alone (RFC 9110 §14.2).
    let part = if wanted.is_head { Part::Whole } else { range::part(wanted.headers, size, &object.etag) };
    let extent = |offset, length| Extent { object: Arc::clone(object), offset, length };
    match part {
        Part::Unsatisfiable => Err(size),
        Part::Whole if wanted.is_head => Ok(answer(StatusCode::OK, Body::Announced(size))),
        Part::Whole => Ok(answer(StatusCode::OK, Body::Object { extent: extent(0, size), then: None, hold })),
        Part::Range { offset, length } => {
            let body = Body::Object { extent: extent(offset, length), then: None, hold };
            let range = format!("bytes {offset}-{}/{size}", offset + length - 1);
            Ok(answer(StatusCode::PARTIAL_CONTENT, body).with("content-range", range))
        }
    }
}

/// The same as a response.
pub(super) fn send(
    request: &HttpRequest,
    platform: &Platform,
    hold: Hold,
    object: &Arc<Opened>,
    mime: &str,
) -> HttpResponse {
    let wanted = Wanted { is_head: request.method() == Method::HEAD, headers: request.headers() };
    let answer = whole(wanted, hold, object, mime.to_owned());
    answer.map_or_else(unsatisfiable, |answer| answer.into_response(&platform.metrics.audio_bytes))
}

static KEPT: LazyLock<String> = LazyLock::new(|| format!("private, immutable, max-age={}", MAX_AGE.as_secs()));

/// What every answer with media carries: it may be fetched from any page, and kept by the listener alone.
pub(super) fn media(mime: impl Into<Cow<'static, str>>, body: Body) -> Answer {
    // With room for those that are added.
    let mut headers = Vec::with_capacity(8);
    headers.extend([
        ("content-type", mime.into()),
        ("cache-control", Cow::Borrowed(KEPT.as_str())),
        ("access-control-allow-origin", Cow::Borrowed("*")),
        ("access-control-expose-headers", Cow::Borrowed("Content-Range, Content-Length, ETag")),
        ("cross-origin-resource-policy", Cow::Borrowed("cross-origin")),
    ]);
    Answer { status: StatusCode::OK, headers, body }
}

pub(super) fn unsatisfiable(size: u64) -> HttpResponse {
    use actix_web::ResponseError;
    let mut response = Error::Refused(Code::RangeNotSatisfiable).error_response();
    if let Ok(range) = format!("bytes */{size}").parse() {
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    response
}
