//! What every route shares: reading input (parse at the door), pages, conditional answers, the edge.

mod conditional;
pub(crate) mod direct;
pub(crate) mod early;
pub(crate) mod edge;
pub(crate) mod idempotency;
mod input;
mod paging;
pub(crate) mod range;

pub(crate) use conditional::{Editable, IfMatch, IfMatchHeader, IfNoneMatchHeader, PartlyEditable, is_fresh};
pub(crate) use idempotency::{IdempotencyHeader, IdempotencyKey};
pub(crate) use input::{Id, Json, Query};
pub(crate) use paging::{Cursor, Page, Paging, PagingQuery};

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody};
use serde::Serialize;

use super::config::Config;

/// 200 with a JSON body that nobody else may keep.
pub(crate) struct Found<T>(pub(crate) T);

/// 201 with a JSON body.
pub(crate) struct Created<T>(pub(crate) T);

/// 202 with a JSON body.
pub(crate) struct Accepted<T>(pub(crate) T);

/// 204.
pub(crate) struct NoContent;

fn json<T: Serialize>(status: StatusCode, body: &T) -> HttpResponse {
    HttpResponse::build(status).insert_header((header::CACHE_CONTROL, "private, no-cache")).json(body)
}

impl<T: Serialize> Responder for Found<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        json(StatusCode::OK, &self.0)
    }
}

impl<T: Serialize> Responder for Created<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        json(StatusCode::CREATED, &self.0)
    }
}

impl<T: Serialize> Responder for Accepted<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        json(StatusCode::ACCEPTED, &self.0)
    }
}

impl Responder for NoContent {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

/// How this server is reached, without a slash at the end: the configured address, or the host that the edge has checked.
pub(crate) fn address_of(request: &HttpRequest, config: &Config) -> String {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    config.public_url.clone().unwrap_or_else(|| format!("http://{host}"))
}
