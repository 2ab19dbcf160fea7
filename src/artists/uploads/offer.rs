//! Say what this server knows of the tus protocol.

use actix_web::web::Data;
use actix_web::{HttpResponse, options};

use super::checksum::ALGORITHMS;
use super::headers::{EXTENSIONS, TUS_EXTENSION, TUS_VERSION, VERSION};
use crate::platform::Platform;

/// Ask what this server knows of the tus protocol.
#[utoipa::path(tag = "uploads", responses((status = 204, headers(("Tus-Version" = String), ("Tus-Extension" = String),
    ("Tus-Max-Size" = u64), ("Tus-Checksum-Algorithm" = String)))))]
#[options("")]
pub(super) async fn options(platform: Data<Platform>) -> HttpResponse {
    offer(&platform)
}

/// Ask the same at an upload's own address.
#[utoipa::path(tag = "uploads", path = "/{id}", params(("id" = crate::platform::id::UploadId, Path)), responses((status = 204)))]
#[options("/{id}")]
pub(super) async fn options_of_one(platform: Data<Platform>) -> HttpResponse {
    offer(&platform)
}

fn offer(platform: &Platform) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((TUS_VERSION, VERSION))
        .insert_header((TUS_EXTENSION, EXTENSIONS))
        .insert_header(("tus-max-size", platform.config.upload_max_bytes))
        .insert_header(("tus-checksum-algorithm", ALGORITHMS))
        .finish()
}
