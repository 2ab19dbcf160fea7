//! What holds for every request of the tus protocol: the version that both speak, and methods that had to be sent as others.

use actix_web::ResponseError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web;

use super::headers::{EXTENSIONS, TUS_EXTENSION, TUS_RESUMABLE, TUS_VERSION, VERSION};
use crate::platform::error::{Code, Error};
use crate::platform::http::early;

const METHOD: &str = "x-http-method-override";

/// Around all routes of uploads.
pub(super) async fn speak(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> actix_web::Result<ServiceResponse<BoxBody>> {
    // Some proxies and browsers let no PATCH and no DELETE through.
    if let Some(method) = request.headers().get(METHOD).and_then(|method| Method::from_bytes(method.as_bytes()).ok()) {
        request.head_mut().method = method;
    }
    let mut response =
        if speaks_it(&request) { next.call(request).await?.map_into_boxed_body() } else { refuse(request).await? };
    response.headers_mut().insert(HeaderName::from_static(TUS_RESUMABLE), HeaderValue::from_static(VERSION));
    Ok(response)
}

// Who looks by GET, or asks what there is, need not say a version.
fn speaks_it(request: &ServiceRequest) -> bool {
    let said = request.headers().get(TUS_RESUMABLE).is_some_and(|version| version == VERSION);
    said || matches!(*request.method(), Method::OPTIONS | Method::GET)
}

async fn refuse(mut request: ServiceRequest) -> actix_web::Result<ServiceResponse<BoxBody>> {
    let unread = early::Unread::new(request.extract::<web::Payload>().await?);
    let refusal = Error::Refused(Code::UploadVersion);
    let mut response =
        if *request.method() == Method::HEAD { refusal.error_response() } else { early::answer(&refusal, unread) };
    response.headers_mut().insert(HeaderName::from_static(TUS_VERSION), HeaderValue::from_static(VERSION));
    response.headers_mut().insert(HeaderName::from_static(TUS_EXTENSION), HeaderValue::from_static(EXTENSIONS));
    Ok(request.into_response(response))
}
