//! Say how far an upload is: in headers, as the tus protocol wants it, and in JSON.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, head};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::headers;
use super::same_file::SameFile;
use super::transfer::{Transfer, UploadState};
use super::unpacked::{Unpacked, UnpackedFile};
use crate::artists::list_same_recordings::{self, SameRecording};
use crate::artists::matching::{Matches, TrackMatch};
use crate::artists::track::TrackProblem;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload as UploadScope};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id};
use crate::platform::id::{AccountId, ReleaseId, TrackId, UploadId};

/// An upload in pieces.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Upload {
    id: UploadId,
    state: UploadState,
    /// Bytes that are stored for good.
    offset: u64,
    /// Null until the client has said it.
    length: Option<u64>,
    release_id: Option<ReleaseId>,
    filename: Option<String>,
    /// What it became.
    track_id: Option<TrackId>,
    /// Why it became nothing.
    problem: Option<TrackProblem>,
    /// What became of the files in an archive, as far as it is unpacked.
    files: Vec<UnpackedFile>,
    /// Tracks of the member's artists that were made of the very same file.
    same_files: Vec<SameFile>,
    /// Older tracks of the release that the file may be meant for; more are known once its tags are read.
    matches: Vec<TrackMatch>,
    /// Where else the recording is, in any encoding; known once it is analysed.
    same_recordings: Vec<SameRecording>,
    created_at: DateTime<Utc>,
    /// What was not finished by then is gone.
    expires_at: DateTime<Utc>,
}

/// Ask where an upload stands, to go on from there.
#[utoipa::path(tag = "uploads", path = "/{id}", params(("id" = UploadId, Path), ("Tus-Resumable" = String, Header)), responses(
    (status = 200, headers(("Upload-Offset" = u64), ("Upload-Length" = u64), ("Upload-Defer-Length" = u64),
        ("Upload-Metadata" = String), ("Upload-Concat" = String), ("Upload-Expires" = String), ("Upload-Track" = String))),
    (status = 401), (status = 404), (status = 410), (status = 412)))]
#[head("/{id}")]
pub(super) async fn head(
    platform: Data<Platform>,
    identity: Identity<UploadScope>,
    Id(id): Id<UploadId>,
) -> Result<HttpResponse> {
    let transfer = find(&platform, identity.account, id).await?;
    transfer.require_open(platform.clock.now())?;
    let mut response = HttpResponse::Ok();
    headers::tell(&mut response, &transfer);
    Ok(response.finish())
}

/// How far an upload is, and what became of it.
#[utoipa::path(tag = "uploads", path = "/{id}", params(("id" = UploadId, Path)), responses(
    (status = 200, body = Upload), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/{id}")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<UploadScope>,
    Id(id): Id<UploadId>,
) -> Result<Found<Upload>> {
    let transfer = find(&platform, identity.account, id).await?;
    read(&mut *platform.db.conn().await?, identity.account, transfer).await.map(Found)
}

async fn read(conn: &mut Conn, member: AccountId, transfer: Transfer) -> Result<Upload> {
    let (mut same_files, mut same_recordings, mut matches) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(track) = transfer.track_id {
        same_files = SameFile::list(conn, &[track], member).await?.into_iter().map(|(_, same)| same).collect();
        matches = matches_of(conn, &transfer, track).await?;
        same_recordings = list_same_recordings::find(conn, track, member).await?;
    }
    Ok(Upload {
        id: transfer.id,
        state: transfer.state,
        offset: transfer.offset(),
        length: transfer.length(),
        release_id: transfer.release_id,
        filename: transfer.filename.clone(),
        track_id: transfer.track_id,
        problem: transfer.problem(),
        files: Unpacked::files(conn, transfer.id).await?,
        same_files,
        matches,
        same_recordings,
        created_at: transfer.created_at,
        expires_at: transfer.expires_at,
    })
}

// A file that was sent for a track is meant for that.
async fn matches_of(conn: &mut Conn, transfer: &Transfer, track: TrackId) -> Result<Vec<TrackMatch>> {
    match transfer.release_id {
        Some(release) if transfer.replaces_id.is_none() => Ok(Matches::within(conn, &[release]).await?.take(track)),
        _ => Ok(Vec::new()),
    }
}

async fn find(platform: &Platform, member: AccountId, id: UploadId) -> Result<Transfer> {
    let found = Transfer::find_mine(&mut *platform.db.conn().await?, id, member).await?;
    found.ok_or(Error::NotFound("upload"))
}
