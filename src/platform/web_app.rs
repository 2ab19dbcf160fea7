//! The web app, from files in the binary: hashed assets for ever, `index.html` for every page, with a head that says what
//! the page shows.

mod head;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::{Embed, EmbeddedFile};

use super::Platform;
use super::error::Error;
use super::http::{address_of, is_fresh};
pub(crate) use head::{Alternate, Head, PageHead};

#[derive(Embed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Files;

/// Answers whatever no route answers: a file, a page of the web app, or 404 for what looks like the API.
pub(crate) async fn serve(request: HttpRequest, platform: Data<Platform>, head: Data<PageHead>) -> HttpResponse {
    let path = request.path().trim_start_matches('/');
    if !request.method().is_safe() || path.starts_with("api/") {
        return Error::NotFound("thing").error_response();
    }
    match Files::get(path).filter(|_| !path.is_empty()) {
        Some(file) => send(&request, path, file),
        None if path.starts_with("assets/") => Error::NotFound("file").error_response(),
        None => match Files::get("index.html") {
            Some(page) => send_page(&request, page, find_head(&request, &platform, &head).await),
            None => {
                HttpResponse::NotFound().body("The web app is not part of this build: run `npm run build` in web/.")
            }
        },
    }
}

async fn find_head(request: &HttpRequest, platform: &Platform, head: &PageHead) -> Option<Head> {
    let address = address_of(request, &platform.config);
    let found = head(platform.clone(), request.path().to_owned(), address).await;
    // The page itself needs none: with the database away it is shown all the same.
    found.unwrap_or_else(|error| {
        tracing::warn!(%error, "no head for a page");
        None
    })
}

fn send_page(request: &HttpRequest, page: EmbeddedFile, head: Option<Head>) -> HttpResponse {
    let Some(head) = head else { return send(request, "index.html", page) };
    let html = head.put_into(&String::from_utf8_lossy(&page.data)).into_bytes();
    let etag = format!("\"{}\"", &blake3::hash(&html).to_hex()[..32]);
    let known = is_fresh(request.headers(), &etag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, "no-cache"));
    if known { response.finish() } else { response.content_type("text/html; charset=utf-8").body(html) }
}

fn send(request: &HttpRequest, path: &str, file: EmbeddedFile) -> HttpResponse {
    let mime = file.metadata.mimetype().to_owned();
    let zipped = is_text(&mime) && accepts_gzip(request);
    let suffix = if zipped { "-gzip" } else { "" };
    let etag = format!("\"{}{suffix}\"", hex(&file.metadata.sha256_hash()[..12]));
    let lifetime = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = is_fresh(request.headers(), &etag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, lifetime));
    response.insert_header((header::VARY, "Accept-Encoding"));
    if known {
        return response.finish();
    }
    response.content_type(mime);
    if zipped {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
        return response.body(compressed(path, &file.data));
    }
    response.body(match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    })
}

fn is_text(mime: &str) -> bool {
    mime.starts_with("text/") || ["javascript", "json", "svg", "manifest"].iter().any(|kind| mime.contains(kind))
}

fn accepts_gzip(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted
        .is_some_and(|list| list.split(',').any(|coding| coding.split(';').next().is_some_and(|c| c.trim() == "gzip")))
}

/// Each file is compressed once, when it is first asked for.
static COMPRESSED: Mutex<BTreeMap<String, Bytes>> = Mutex::new(BTreeMap::new());

fn compressed(path: &str, bytes: &[u8]) -> Bytes {
    let mut known = COMPRESSED.lock().unwrap_or_else(PoisonError::into_inner);
    let zip = || {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        // Writing into memory does not fail.
        let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
        Bytes::from(written.unwrap_or_default())
    };
    known.entry(path.to_owned()).or_insert_with(zip).clone()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
