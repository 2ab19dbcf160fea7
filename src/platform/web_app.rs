//! The web app, from files in the binary: hashed assets for ever, `index.html` for every page.

use std::borrow::Cow;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use bytes::Bytes;
use rust_embed::{Embed, EmbeddedFile};

use super::error::Error;

#[derive(Embed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Files;

/// Answers whatever no route answers: a file, a page of the web app, or 404 for what looks like the API.
pub(crate) async fn serve(request: HttpRequest) -> HttpResponse {
    let path = request.path().trim_start_matches('/');
    if !request.method().is_safe() || path.starts_with("api/") {
        return Error::NotFound("such thing").error_response();
    }
    match Files::get(path).filter(|_| !path.is_empty()) {
        Some(file) => send(&request, path, file),
        None if path.starts_with("assets/") => Error::NotFound("file").error_response(),
        None => match Files::get("index.html") {
            Some(page) => send(&request, "index.html", page),
            None => HttpResponse::NotFound().body("The web app is not part of this build: run `npm run build` in web/."),
        },
    }
}

fn send(request: &HttpRequest, path: &str, file: EmbeddedFile) -> HttpResponse {
    let etag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..12]));
    let lifetime = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = request.headers().get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == etag.as_bytes());
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, lifetime));
    if known {
        return response.finish();
    }
    let body = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    response.content_type(file.metadata.mimetype()).body(body)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
