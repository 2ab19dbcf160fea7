//! Add bytes to an upload; with the last ones it becomes a track.

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, patch};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::checksum::{self, Checksum};
use super::headers;
use super::lease::{Lease, patiently};
use super::receive::Receiver;
use super::transfer::{Form, Transfer, UploadState};
use super::{begin, finish};
use crate::artists::quotas::{Quota, Wanted};
use crate::platform::Platform;
use crate::platform::auth::{self, Identity};
use crate::platform::config::Config;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Id, early};
use crate::platform::id::{AccountId, TrackId, UploadId};
use crate::platform::storage::Landing;
use crate::platform::task;

/// What a request says of the bytes in its body.
pub(super) struct Piece {
    offset: u64,
    /// How long the upload is, where that was not said before.
    length: Option<u64>,
    checksum: Option<Checksum>,
    announced: u64,
}

/// How far an upload is after a request.
pub(super) struct Progress {
    pub(super) offset: u64,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) track: Option<TrackId>,
}

/// Add bytes to an upload at `Upload-Offset`, where it stands. What came before a connection broke counts. With the last
/// bytes the file becomes a track, which `Upload-Track` names.
#[utoipa::path(tag = "uploads", path = "/{id}", params(("id" = UploadId, Path),
    ("Tus-Resumable" = String, Header), ("Upload-Offset" = u64, Header), ("Upload-Length" = Option<u64>, Header),
    ("Upload-Checksum" = Option<String>, Header, description = "`sha1`, `sha256` or `blake3`, and the hash in Base64")),
    request_body(content_type = "application/offset+octet-stream", content = Vec<u8>), responses(
    (status = 204, headers(("Upload-Offset" = u64), ("Upload-Expires" = String), ("Upload-Track" = String))),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 410, body = Problem), (status = 412, body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 423, body = Problem), (status = 460, body = Problem), (status = 507, body = Problem)))]
#[patch("/{id}")]
pub(super) async fn patch(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<auth::Upload>,
    Id(id): Id<UploadId>,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = early::Unread::new(payload);
    let (unread, member) = (body.clone(), identity.account);
    match task::to_the_end(async move { accept(&platform, &request, member, id, body).await }).await? {
        Ok(progress) => Ok(answer(HttpResponse::NoContent(), &progress)),
        Err(error) => Ok(early::answer(&error, unread)),
    }
}

/// Says in headers how far it is.
pub(super) fn answer(mut response: actix_web::HttpResponseBuilder, progress: &Progress) -> HttpResponse {
    headers::tell_progress(&mut response, Some(progress.offset), progress.expires_at, progress.track);
    response.finish()
}

async fn accept(
    platform: &Platform,
    request: &HttpRequest,
    member: AccountId,
    id: UploadId,
    body: early::Unread,
) -> Result<Progress> {
    if !headers::is_piece(request)? {
        return Err(Error::Refused(Code::NotAPieceOfAnUpload));
    }
    let offset = headers::bytes(request, "upload-offset")?;
    let offset = offset.ok_or_else(|| headers::malformed("upload-offset", "it is missing"))?;
    let piece = Piece::of(request, offset)?;
    Box::pin(append(platform, request, (member, id), piece, body)).await
}

impl Piece {
    /// What the headers of a request say of the bytes in its body.
    pub(super) fn of(request: &HttpRequest, offset: u64) -> Result<Self> {
        let checksum = headers::text(request, checksum::HEADER)?.map(checksum::parse).transpose()?;
        let length = headers::bytes(request, "upload-length")?;
        Ok(Self { offset, length, checksum, announced: headers::announced(request)? })
    }
}

impl Piece {
    /// The same for an upload whose length is known.
    pub(super) fn of_known_length(self) -> Self {
        Self { length: None, ..self }
    }
}

/// Takes the bytes of a request into an upload of a member's.
pub(super) async fn append(
    platform: &Platform,
    request: &HttpRequest,
    (member, id): (AccountId, UploadId),
    piece: Piece,
    body: early::Unread,
) -> Result<Progress> {
    let transfer = find(platform, member, id).await?;
    if transfer.form == Form::Joined {
        return Err(Error::Refused(Code::UploadPutTogether));
    }
    let mut lease = Lease::take(&platform.db, id, false).await?;
    let appended = append_alone(platform, request, (member, id), piece, body, &mut lease).await;
    lease.release(&platform.db).await;
    appended
}

async fn find(platform: &Platform, member: AccountId, id: UploadId) -> Result<Transfer> {
    let found = Transfer::find_mine(&mut *platform.db.conn().await?, id, member).await?;
    let transfer = found.ok_or(Error::NotFound("upload"))?;
    transfer.require_open(platform.clock.now())?;
    Ok(transfer)
}

async fn append_alone(
    platform: &Platform,
    request: &HttpRequest,
    (member, id): (AccountId, UploadId),
    piece: Piece,
    body: early::Unread,
    lease: &mut Lease,
) -> Result<Progress> {
    // Read again: the one before may have got on.
    let mut transfer = find(platform, member, id).await?;
    if piece.offset != transfer.offset() {
        return Err(Error::Refused(Code::UploadElsewhere));
    }
    if let Some(length) = piece.length {
        transfer = measure(platform, member, transfer, length).await?;
    }
    if transfer.state != UploadState::Arriving {
        // Nothing is missing, and nothing more can come.
        return if piece.announced == 0 { progress(platform, id).await } else { Err(too_large()) };
    }
    let limit = limit(platform, member, &transfer).await?;
    if piece.offset.saturating_add(piece.announced) > limit {
        return Err(too_large());
    }
    platform.storage.require_space(piece.announced)?;
    let appender = platform.storage.resume(id.uuid(), piece.offset, &transfer.landing()?).await?;
    let receiver = Receiver { platform, transfer: &transfer, lease, appender, limit, checksum: piece.checksum };
    receive(receiver, request, body).await?;
    patiently(async || progress(platform, id).await).await
}

/// Where an upload has to end: at its length. One that has not said it grows as far as its artist, or for parts the account,
/// may have, and not beyond: else nobody would ever say it.
async fn limit(platform: &Platform, member: AccountId, transfer: &Transfer) -> Result<u64> {
    if let Some(length) = transfer.length() {
        return Ok(length);
    }
    let left = left(platform, member, transfer).await?;
    Ok(platform.config.upload_max_bytes.min(transfer.offset().saturating_add(left)))
}

/// How much more there may be than what is here. What came of this upload counts as here.
async fn left(platform: &Platform, member: AccountId, transfer: &Transfer) -> Result<u64> {
    let (config, mut conn) = (&platform.config, platform.db.conn().await?);
    let Some(release) = transfer.release_id else {
        let parts = Transfer::bytes_of_parts(&mut conn, member).await?;
        return Ok(config.artist_max_bytes.saturating_sub(parts));
    };
    let bytes = Quota::of_release(&mut conn, config, release).await?.bytes;
    Ok(u64::try_from(bytes.limit.saturating_sub(bytes.used)).unwrap_or(0))
}

fn too_large() -> Error {
    Error::Refused(Code::UploadTooLarge)
}

async fn receive(mut receiver: Receiver<'_>, request: &HttpRequest, body: early::Unread) -> Result<()> {
    let ended = receiver.run(body).await;
    if let Some(checksum) = receiver.checksum.take() {
        ended?;
        if !checksum.matches() {
            return Err(Error::Refused(Code::ChecksumMismatch));
        }
    } else if let Err(why) = ended {
        // What came counts, as far as it can be had.
        if let Err(error) = receiver.commit().await {
            tracing::debug!(%error, "the last bytes of a broken upload");
        }
        return Err(why);
    }
    auth::require_still(request).await?;
    if receiver.transfer.length() == Some(receiver.appender.size_bytes()) {
        finish::arrive(receiver).await
    } else {
        receiver.commit().await
    }
}

/// The client says late how long it is.
async fn measure(platform: &Platform, member: AccountId, transfer: Transfer, length: u64) -> Result<Transfer> {
    match transfer.length() {
        Some(known) if known == length => return Ok(transfer),
        Some(_) => return Err(headers::malformed("upload-length", "it was said before, and was another")),
        None => {}
    }
    if length < transfer.offset() {
        return Err(headers::malformed("upload-length", "more bytes than that are here"));
    }
    begin::admit_length(platform, length)?;
    let more = length - transfer.offset();
    platform
        .db
        .transaction(async |conn| {
            reserve(conn, &platform.config, &transfer, more).await?;
            Transfer::measure(conn, transfer.id, length).await
        })
        .await?;
    find(platform, member, transfer.id).await
}

/// Takes bytes that an upload has not announced out of its artist's quota, or for parts out of the account's. Until the
/// caller's transaction ends, nobody else takes any of the same.
async fn reserve(conn: &mut Conn, config: &Config, transfer: &Transfer, more: u64) -> Result<()> {
    if let Some(release) = transfer.release_id {
        let wanted = Wanted { bytes: more, tracks: 0, uploads: 0 };
        return Quota::spend_for_release(conn, config, release, wanted).await;
    }
    reserve_parts(conn, config, transfer.account_id, more).await
}

/// The same for parts, which are no artist's yet.
pub(super) async fn reserve_parts(conn: &mut Conn, config: &Config, account: AccountId, more: u64) -> Result<()> {
    Transfer::take_turn(conn, account).await?;
    let parts = Transfer::bytes_of_parts(conn, account).await?;
    if parts.saturating_add(more) > config.artist_max_bytes {
        return Err(Error::Refused(Code::QuotaOfBytes));
    }
    Ok(())
}

/// Notes how far an upload is, and lets its writer go on. One that has not said how long it will be is counted as it grows,
/// for others may grow beside it; false when it is somebody else's turn, or the upload is gone.
pub(super) async fn note(
    platform: &Platform,
    transfer: &Transfer,
    writer: Uuid,
    (offset, landing): (u64, &Landing),
) -> Result<bool> {
    let expires_at = begin::expiry(platform, transfer.created_at);
    let id = transfer.id;
    if transfer.length().is_some() {
        let mut conn = platform.db.conn().await?;
        return Transfer::move_on(&mut conn, id, writer, (offset, landing), expires_at).await;
    }
    platform
        .db
        .transaction(async |conn| {
            // The quota before the upload, as who begins one does. Nobody else moves it: the lease is held.
            let Some(counted) = Transfer::find(conn, id).await? else { return Ok(false) };
            reserve(conn, &platform.config, transfer, offset.saturating_sub(counted.offset())).await?;
            Transfer::move_on(conn, id, writer, (offset, landing), expires_at).await
        })
        .await
}

async fn progress(platform: &Platform, id: UploadId) -> Result<Progress> {
    let found = Transfer::find(&mut *platform.db.conn().await?, id).await?;
    let transfer = found.ok_or(Error::NotFound("upload"))?;
    Ok(Progress { offset: transfer.offset(), expires_at: transfer.expires_at, track: transfer.track_id })
}
