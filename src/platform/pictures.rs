//! Pictures that people upload: decoded in the sandboxed child, cut to shape, and encoded anew in fixed sizes.
//!
//! What is shown is the server's own encoding: no byte of the upload is in it, and no metadata (where a photograph was
//! taken). An account's picture is two small objects; artwork is one object with all sizes in it (ADR 40).

mod arrival;
mod child;

use std::fs::File;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use legato_pictures::About;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

pub(crate) use arrival::{Arrived, receive};
pub(crate) use child::TASK;
pub(crate) use legato_pictures::{Encoding, Shape, Variant};

use child::{Order, PACK, SQUARES};

use super::Platform;
use super::error::{Code, Error, Result};
use super::http::is_fresh;
use super::sandbox::{self, Failure, Limits, Means, Program, Work};
use super::storage::{self, Lineage, Opened, Scratch, Stored, Zone};

/// The largest file that is read as an account's picture, and as artwork.
pub(crate) const MAX_BYTES: usize = 10 * 1024 * 1024;
pub(crate) const MAX_ARTWORK_BYTES: usize = 20 * 1024 * 1024;

/// How the objects came to be; a new version makes other bytes of the same picture.
pub(crate) const LINEAGE: Lineage<'static> =
    Lineage { zone: Zone::Curated, parent: None, step: "picture", step_version: 1 };

/// Where the means of one child end. Forty megapixels of a PNG take some 200 MiB, of a progressive JPEG some 230.
const LIMITS: Limits = Limits::fixed(
    240 * 1024 * 1024,
    Means { cpu: Duration::from_secs(5), wall: Duration::from_secs(20), output_bytes: 8 * 1024 * 1024 },
);

/// Children at the same time, and how long a picture waits for one.
static CHILDREN: Semaphore = Semaphore::const_new(2);
const PATIENCE: Duration = Duration::from_secs(10);

/// A picture in both sizes, stored and not yet recorded.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) large: Stored,
    pub(crate) small: Stored,
}

/// Artwork in all its sizes, stored and not yet recorded.
#[derive(Debug, Clone)]
pub(crate) struct Packed {
    pub(crate) stored: Stored,
    pub(crate) about: About,
}

/// Makes a picture of two `sizes`, in pixels of each side, the larger first. A file that cannot be read, or has more than 40 megapixels → 422 on `picture`; too
/// many others at work → 503.
pub(crate) async fn make(platform: &Platform, arrived: Arrived, sizes: [u32; 2]) -> Result<Picture> {
    let source = arrived.source().await?;
    decode(platform, source, &arrived.scratch, Order::Squares(sizes), "picture").await?;
    let [large, small] = SQUARES.map(|name| arrived.scratch.path().join(name));
    Ok(Picture {
        large: platform.storage.keep_file(&large, Zone::Curated).await?,
        small: platform.storage.keep_file(&small, Zone::Curated).await?,
    })
}

/// A picture under an address that never leads to another.
pub(crate) async fn respond(request: &HttpRequest, picture: &Arc<Opened>) -> Result<HttpResponse> {
    let is_known = is_fresh(request.headers(), &picture.etag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, picture.etag.as_str()));
    response.insert_header((header::CACHE_CONTROL, "public, max-age=86400, immutable"));
    response.insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"));
    if is_known {
        return Ok(response.finish());
    }
    let length = usize::try_from(picture.size_bytes).map_err(anyhow::Error::from)?;
    Ok(response.content_type("image/jpeg").body(picture.read(0, length).await?))
}

/// Makes artwork of a file that has arrived, and keeps that file too: what has lost its sizes can be made again. Refuses
/// as [`make`] does, on `artwork`. Answers with the file and the artwork.
pub(crate) async fn pack(platform: &Platform, arrived: Arrived, shape: Shape) -> Result<(Stored, Packed)> {
    let source = arrived.source().await?;
    let packed = pack_in(platform, source, &arrived.scratch, shape).await?;
    let kept = platform.storage.keep_file(&arrived.path(), Zone::Raw).await?;
    Ok((kept, packed))
}

/// The same of an object of the store.
pub(crate) async fn pack_object(platform: &Platform, key: &str, shape: Shape) -> Result<Packed> {
    let source = platform.storage.file(key).await?;
    pack_in(platform, source, &platform.storage.scratch()?, shape).await
}

async fn pack_in(platform: &Platform, source: File, scratch: &Scratch, shape: Shape) -> Result<Packed> {
    let said = decode(platform, source, scratch, Order::Pack(shape), "artwork").await?;
    let stored = platform.storage.keep_file(&scratch.path().join(PACK), Zone::Curated).await?;
    let about: About = serde_json::from_value(said).map_err(anyhow::Error::from)?;
    if !child::is_plausible(&about, shape, stored.size_bytes) {
        return Err(anyhow::anyhow!("a picture's child says what cannot be").into());
    }
    Ok(Packed { stored, about })
}

async fn decode(
    platform: &Platform,
    source: File,
    scratch: &Scratch,
    order: Order,
    field: &'static str,
) -> Result<Value> {
    let place = tokio::time::timeout(PATIENCE, CHILDREN.acquire()).await;
    let _place = place.ok().and_then(std::result::Result::ok).ok_or(Error::Unavailable)?;
    let work = Work { task: TASK.name, source, outputs: scratch.path(), arguments: json!(order), limits: LIMITS };
    let program = Program::at(&platform.config.sandbox_program);
    match sandbox::run(&program, work, pending(), |_| None).await {
        Ok(done) => {
            tracing::debug!(
                cpu_ms = done.cpu_time.as_millis(),
                peak_memory_bytes = done.peak_memory_bytes,
                "picture made"
            );
            Ok(done.result)
        }
        Err(failure) => Err(verdict(failure, field)),
    }
}

// Whatever the file makes the child do, it is the file's fault.
fn verdict(failure: Failure, field: &'static str) -> Error {
    match failure {
        Failure::Io(cause) if storage::is_full(cause.as_ref()) => Error::Refused(Code::StorageFull),
        Failure::Io(cause) => Error::Internal(cause),
        Failure::TimedOut | Failure::Cancelled => Error::Unavailable,
        Failure::Refused(Value::String(reason)) => Error::invalid(field, reason),
        hostile => {
            tracing::info!(%hostile, "a picture was refused");
            Error::invalid(field, "This picture takes too much memory or time to decode: save it with fewer pixels.")
        }
    }
}
