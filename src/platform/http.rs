//! What every route shares: reading input (parse at the door), pages, conditional answers, the edge.

mod conditional;
pub(crate) mod early;
pub(crate) mod edge;
pub(crate) mod idempotency;
mod input;
mod paging;

pub(crate) use conditional::{Editable, IfMatch, IfMatchHeader, IfNoneMatchHeader, is_fresh};
pub(crate) use idempotency::{IdempotencyHeader, IdempotencyKey};
pub(crate) use input::{Id, Json, Query};
pub(crate) use paging::{Page, Paging, PagingQuery};

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody};
use serde::Serialize;

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
