//! Where an artist's newest package stands, and the package itself, whole or in ranges.

use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, ETAG};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, Responder, get};
use bytes::Bytes;
use futures_util::stream::{self, Stream};

use super::package::Package;
use crate::artists::own_artist;
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity, Read};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::range::{self, Part};
use crate::platform::http::{Found, NoContent};
use crate::platform::id::AccountId;
use crate::platform::storage::Opened;

/// Read at a time.
const SLICE_BYTES: usize = 256 * 1024;

/// Where the newest package of this artist stands, if there is one; for its owners.
#[utoipa::path(tag = "packages", params(("id" = String, Path, description = "The artist's id or slug")), responses(
    (status = 200, body = Package), (status = 204, description = "There is none"), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
#[get("/artists/{id}/export")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Read>,
    artist: Path<String>,
) -> Result<HttpResponse> {
    let mut conn = platform.db.conn().await?;
    let artist = own_artist::require_owner(&mut conn, &artist, identity.account).await?;
    let newest = Package::newest(&mut conn, artist, platform.clock.now()).await?;
    Ok(newest.map_or_else(|| NoContent.respond_to(&request), |newest| Found(newest).respond_to(&request)))
}

/// The newest package (zip) that is ready. A download that broke off goes on with `Range`.
#[utoipa::path(tag = "packages", params(("id" = String, Path, description = "The artist's id or slug"),
    ("Range" = Option<String>, Header), ("If-Range" = Option<String>, Header)), responses(
    (status = 200, content_type = "application/zip", body = Vec<u8>),
    (status = 206, content_type = "application/zip", body = Vec<u8>), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 416)))]
#[get("/artists/{id}/export/archive")]
pub(super) async fn archive(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    artist: Path<String>,
) -> Result<HttpResponse> {
    let package = open(&platform, &artist, identity.account).await?;
    Ok(download(&request, package))
}

async fn open(platform: &Platform, artist: &str, owner: AccountId) -> Result<Arc<Opened>> {
    let mut conn = platform.db.conn().await?;
    let artist = own_artist::require_owner(&mut conn, artist, owner).await?;
    let ready = Package::newest_ready(&mut conn, artist, platform.clock.now()).await?;
    drop(conn);
    let key = ready.and_then(|package| package.object_key).ok_or(Error::NotFound("package"))?;
    platform.storage.open(&key).await
}

fn download(request: &HttpRequest, package: Arc<Opened>) -> HttpResponse {
    let size = package.size_bytes;
    let part = range::part(request.headers(), size, &package.etag);
    let (mut answer, offset, length) = match part {
        Part::Whole => (HttpResponse::Ok(), 0, size),
        Part::Range { offset, length } => (HttpResponse::PartialContent(), offset, length),
        Part::Unsatisfiable => {
            let told = (CONTENT_RANGE, format!("bytes */{size}"));
            return HttpResponse::RangeNotSatisfiable().insert_header(told).finish();
        }
    };
    if part != Part::Whole {
        answer.insert_header((CONTENT_RANGE, format!("bytes {offset}-{}/{size}", offset + length - 1)));
    }
    answer
        .content_type("application/zip")
        .insert_header((ETAG, package.etag.clone()))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"legato-artist.zip\""))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .body(SizedStream::new(length, Box::pin(slices(package, offset, offset + length))))
}

/// The bytes up to `end`, read as the client takes them.
fn slices(package: Arc<Opened>, offset: u64, end: u64) -> impl Stream<Item = Result<Bytes>> {
    stream::try_unfold(offset, move |offset| {
        let package = Arc::clone(&package);
        async move {
            let length = usize::try_from(end - offset).unwrap_or(SLICE_BYTES).min(SLICE_BYTES);
            if length == 0 {
                return Ok(None);
            }
            let slice = package.read(offset, length).await?;
            let next = offset + slice.len() as u64;
            Ok((!slice.is_empty()).then_some((slice, next)))
        }
    })
}
