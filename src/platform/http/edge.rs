//! The edge: what happens to every request before and after its route. It gets an id, a check of its host name,
//! security headers, a log line and a place in the figures.

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use actix_web::ResponseError;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use prometheus::Histogram;
use tracing::Instrument;

use super::direct::Underway;
use crate::platform::Platform;
use crate::platform::error::{Code, Error};
use crate::platform::id::RequestId;
use crate::platform::metrics::Metrics;
use crate::platform::telemetry;

/// Where music is; what stands behind holds a grant.
const MEDIA: [&str; 2] = ["/api/v1/hls/", "/api/v1/audio/"];

/// Requests slower than this get a line at `warn`.
const SLOW: Duration = Duration::from_secs(2);

macro_rules! csp {
    ($styles:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'; style-src ",
            $styles,
            "; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; \
             manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
    };
}

const CSP: &str = csp!("'self'");

/// The page that shows the API's document writes styles into itself, and has nobody's words in it.
const DOCS_CSP: &str = csp!("'self' 'unsafe-inline'");
const DOCS: &str = "/api/docs/";

/// What every answer carries, unless it says otherwise itself.
pub(super) const SECURITY_HEADERS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("content-security-policy", CSP),
    ("cross-origin-opener-policy", "same-origin"),
];

/// The outermost middleware.
pub(crate) async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> actix_web::Result<ServiceResponse<impl MessageBody>> {
    let id = RequestId::next();
    let underway = Underway::begin(&request);
    let platform = request.app_data::<Data<Platform>>().cloned();
    let span = tracing::info_span!("request", request_id = %id);
    telemetry::on_behalf_of(id, async move {
        let started = Instant::now();
        let response = answer(request, next, platform.clone()).await?;
        let (request, mut response) = response.into_parts();
        decorate(response.headers_mut(), id, request.path());
        if let Some(platform) = platform {
            let answered = (request.method().as_str(), &*route_of(&request), response.status().as_u16());
            let took = started.elapsed();
            series(&platform.metrics, answered).observe(took.as_secs_f64());
            log(answered, took);
        }
        Ok(ServiceResponse::new(request, response.map_body(|_, body| underway.until_end_of(body))))
    })
    .instrument(span)
    .await
}

async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    platform: Option<Data<Platform>>,
) -> actix_web::Result<ServiceResponse<impl MessageBody>> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if platform
        .is_some_and(|platform| !host.is_some_and(|host| knows_host(host, platform.config.public_url.as_deref())))
    {
        let refusal = Error::Refused(Code::UnknownHost).error_response();
        return Ok(request.into_response(refusal).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

// A page of another name that resolves to this address must not speak for us (DNS rebinding).
pub(super) fn knows_host(host: &str, public_url: Option<&str>) -> bool {
    match public_url {
        Some(public) if public.split_once("://").is_some_and(|(_, authority)| authority == host) => true,
        _ => is_own_name(host),
    }
}

fn is_own_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let is_node = || rustix::system::uname().nodename().to_str().is_ok_and(|own| own.eq_ignore_ascii_case(name));
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok() || is_node()
}

fn decorate(headers: &mut header::HeaderMap, id: RequestId, path: &str) {
    let mut set = |name: HeaderName, value: HeaderValue| {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    };
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        set(HeaderName::from_static("x-request-id"), value);
    }
    if path.starts_with(DOCS) {
        set(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(DOCS_CSP));
    }
    for (name, value) in SECURITY_HEADERS {
        set(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

/// Where answers with such a method, route and status are counted.
pub(super) fn series(metrics: &Metrics, (method, route, status): (&str, &str, u16)) -> Histogram {
    metrics.requests.with_label_values(&[route, method_label(method), &status.to_string()])
}

/// Puts an answer into the log. Paths of media hold grants: the log has the route's pattern, never the path.
pub(super) fn log((method, route, status): (&str, &str, u16), took: Duration) {
    let took_ms = took.as_millis();
    if status >= 500 || took > SLOW {
        tracing::warn!(method, route, status, took_ms, "answered");
    } else if MEDIA.contains(&route) {
        // One line for each segment would cost more than the segment.
        tracing::trace!(method, route, status, took_ms, "answered");
    } else {
        tracing::info!(method, route, status, took_ms, "answered");
    }
}

/// How the path of music begins.
pub(super) fn media_route(path: &str) -> Option<&'static str> {
    MEDIA.into_iter().find(|prefix| path.starts_with(prefix))
}

// To name the route of a request, all routes are tried once more: those of segments are known by how their paths begin.
fn route_of(request: &actix_web::HttpRequest) -> Cow<'static, str> {
    match media_route(request.path()) {
        Some(prefix) => Cow::Borrowed(prefix),
        None => request.match_pattern().map_or(Cow::Borrowed("(none)"), Cow::Owned),
    }
}

// A client may make up methods, and each label is a series that is kept for ever.
fn method_label(method: &str) -> &str {
    match method {
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => method,
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_that_a_client_made_up_is_one_of_the_others() {
        assert_eq!(method_label("PATCH"), "PATCH");
        assert_eq!((method_label("BREW"), method_label("TRACE")), ("other", "other"));
    }

    #[test]
    fn own_names_are_localhost_and_addresses() {
        for own in ["localhost", "localhost:4533", "127.0.0.1:1", "[::1]:4533", "192.168.7.7"] {
            assert!(is_own_name(own), "{own}");
        }
        for foreign in ["evil.example", "localhost.evil.example:4533", "", "127.0.0.1.evil.example"] {
            assert!(!is_own_name(foreign), "{foreign}");
        }
    }
}
