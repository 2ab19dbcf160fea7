//! A list's file as it comes: the field of a multipart body, or the body itself.

use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::HttpRequest;
use actix_web::http::header;
use futures_util::{Stream, StreamExt};
use utoipa::ToSchema;

use crate::platform::auth;
use crate::platform::error::{Code, Error, Result};
use crate::platform::http::early;

/// The largest file.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// How long it may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// The multipart body of an import.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body for the API's document")]
pub(super) struct ListForm {
    /// At most 2 MiB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The whole file. Who sent it may still do so.
pub(super) async fn receive(request: &HttpRequest, body: early::Unread) -> Result<Vec<u8>> {
    let mime = request.headers().get(header::CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).unwrap_or_default();
    let is_multipart = mime.to_ascii_lowercase().starts_with("multipart/form-data");
    let reading = async { if is_multipart { of_form(request, body).await } else { collect(body).await } };
    let file = tokio::time::timeout(PATIENCE, reading).await;
    let file = file.map_err(|_| Error::Refused(Code::UploadInterrupted))??;
    auth::require_still(request).await?;
    Ok(file)
}

async fn of_form(request: &HttpRequest, body: early::Unread) -> Result<Vec<u8>> {
    let mut parts = Multipart::new(request.headers(), body);
    let file = match next(&mut parts).await? {
        Some(field) if field.name() == Some("file") => collect(field).await?,
        Some(field) => return Err(unknown(&field)),
        None => return Err(Error::invalid("file", "The body holds no field `file`.")),
    };
    // The closing boundary tells a whole upload from one that was cut off.
    match next(&mut parts).await? {
        Some(field) => Err(unknown(&field)),
        None => Ok(file),
    }
}

async fn next(parts: &mut Multipart) -> Result<Option<Field>> {
    let interrupted = |_: MultipartError| Error::Refused(Code::UploadInterrupted);
    parts.next().await.transpose().map_err(interrupted)
}

async fn collect<E>(mut pieces: impl Stream<Item = Result<bytes::Bytes, E>> + Unpin) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Error::Refused(Code::UploadInterrupted))?;
        if file.len() + piece.len() > MAX_BYTES {
            return Err(Error::Refused(Code::UploadTooLarge));
        }
        file.extend_from_slice(&piece);
    }
    Ok(file)
}

fn unknown(field: &Field) -> Error {
    Error::invalid(field.name().unwrap_or("(without a name)"), "The body holds one field, `file`.")
}
