//! Where the newest export stands, and its archive: for its owner, or for whoever has the link of the letter.

use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use bytes::Bytes;
use futures_util::stream::{self, Stream};

use super::export::Export;
use super::letter_code::{LetterCode, Purpose};
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Found;
use crate::platform::id::AccountId;
use crate::platform::storage::Opened;

/// Read at a time.
const SLICE_BYTES: usize = 256 * 1024;

/// Where the newest export of this account stands.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, body = Export), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/me/export")]
pub(super) async fn get(platform: Data<Platform>, identity: Identity) -> Result<Found<Export>> {
    let newest = Export::newest(&mut *platform.db.conn().await?, identity.account, platform.clock.now()).await?;
    newest.map(Found).ok_or(Error::NotFound("export"))
}

/// The archive (zip) of the newest export that is ready.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, content_type = "application/zip", body = Vec<u8>), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
#[get("/me/export/archive")]
pub(super) async fn whole(platform: Data<Platform>, identity: Identity<Fresh>) -> Result<HttpResponse> {
    let opened = open(&platform, &mut *platform.db.conn().await?, identity.account).await?;
    Ok(download(opened))
}

/// The same archive, for whoever has the letter that tells of it; the link is good for seven days.
#[utoipa::path(tag = "accounts", params(("token" = String, Path, description = "The code of the letter")), responses(
    (status = 200, content_type = "application/zip", body = Vec<u8>), (status = 404, body = Problem)))]
#[get("/exports/{token}")]
pub(super) async fn by_link(platform: Data<Platform>, token: Path<String>) -> Result<HttpResponse> {
    let mut conn = platform.db.conn().await?;
    let code = LetterCode::find(&mut conn, Purpose::Export, &token, platform.clock.now()).await?;
    let account = code.ok_or(Error::NotFound("link"))?.account_id;
    open(&platform, &mut conn, account).await.map(download)
}

async fn open(platform: &Platform, conn: &mut Conn, account: AccountId) -> Result<Arc<Opened>> {
    let ready = Export::newest_ready(conn, account, platform.clock.now()).await?;
    let key = ready.and_then(|export| export.object_key).ok_or(Error::NotFound("export"))?;
    platform.storage.open(&key).await
}

fn download(archive: Arc<Opened>) -> HttpResponse {
    let size = archive.size_bytes;
    HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"legato-export.zip\""))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .body(SizedStream::new(size, Box::pin(slices(archive))))
}

/// The archive's bytes, read as the client takes them.
fn slices(archive: Arc<Opened>) -> impl Stream<Item = Result<Bytes>> {
    stream::try_unfold(0, move |offset| {
        let archive = Arc::clone(&archive);
        async move {
            let slice = archive.read(offset, SLICE_BYTES).await?;
            let next = offset + slice.len() as u64;
            Ok((!slice.is_empty()).then_some((slice, next)))
        }
    })
}
