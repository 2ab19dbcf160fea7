//! Upload a track: the file goes to disk as it comes, and its chain begins.

use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post, web};
use futures_util::StreamExt;
use utoipa::ToSchema;

use super::metadata::TrackDetails;
use super::own_track::{NewTrack, OwnTrack};
use super::quotas::{Quota, Wanted};
use super::release::OwnRelease;
use super::track::Track;
use super::{Title, discard, ingest, show_track};
use crate::platform::Platform;
use crate::platform::auth::{self, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Id, IdempotencyHeader, IdempotencyKey, early};
use crate::platform::id::{AccountId, ReleaseId, TrackId};
use crate::platform::outbox;
use crate::platform::storage::{Lineage, Stored, Writer, Zone};

/// Tracks that a release may hold.
pub(in crate::artists) const MAX_TRACKS: usize = 200;

/// A client that sends nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// What multipart adds to a file: boundaries and headers.
const FRAMING_BYTES: u64 = 64 * 1024;

/// The multipart body of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body for the API's document")]
pub(super) struct UploadForm {
    /// The audio file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A file that arrived whole.
pub(crate) struct Upload {
    pub(crate) stored: Stored,
    pub(crate) filename: Option<String>,
    /// What it is to be called, rather than as its file.
    pub(crate) title: Option<Title>,
    /// What is said of it from the first.
    pub(crate) details: TrackDetails,
    /// Brought in by who runs the server: no quota holds.
    pub(crate) is_foreign: bool,
}

impl Upload {
    /// One of which nothing is known but its name.
    pub(crate) fn new(stored: Stored, filename: Option<String>) -> Self {
        Self { stored, filename, title: None, details: TrackDetails::default(), is_foreign: false }
    }
}

/// Upload a track to a release, as the field `file` of a multipart body.
#[utoipa::path(tag = "tracks", params(("id" = ReleaseId, Path, description = "The release"), IdempotencyHeader),
    request_body(content_type = "multipart/form-data", content = inline(UploadForm)), responses(
    (status = 202, body = Track), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem), (status = 507, body = Problem)))]
#[post("/releases/{id}/tracks")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<auth::Upload>,
    Id(release): Id<ReleaseId>,
    key: IdempotencyKey,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = early::Unread::new(payload);
    let upload = match accept(&platform, &request, release, identity.account, body.clone()).await {
        Ok(upload) => upload,
        Err(error) => return Ok(early::answer(&error, body)),
    };
    let track = add_once(&platform, release, identity.account, &upload, &key).await?;
    Ok(HttpResponse::Accepted().json(show_track::show(&platform.db, track, Some(identity.account)).await?))
}

async fn accept(
    platform: &Platform,
    request: &HttpRequest,
    release: ReleaseId,
    member: AccountId,
    body: early::Unread,
) -> Result<Upload> {
    admit(platform, request, release, member).await?;
    receive_still(platform, request, body).await
}

/// Takes the file out of the body; whoever sends it must still be who they were at the end.
pub(super) async fn receive_still(platform: &Platform, request: &HttpRequest, body: early::Unread) -> Result<Upload> {
    let upload = receive(platform, request, body).await?;
    if let Err(error) = auth::require_still(request).await {
        discard::let_go(platform, &upload.stored.key).await;
        return Err(error);
    }
    Ok(upload)
}

// All that can be said no to before the body is read.
async fn admit(platform: &Platform, request: &HttpRequest, release: ReleaseId, member: AccountId) -> Result<()> {
    if !OwnRelease::is_mine(&mut *platform.db.conn().await?, release, member).await? {
        return Err(Error::NotFound("release"));
    }
    let quota = Quota::of_release(&mut *platform.db.conn().await?, &platform.config, release).await?;
    let announced = header(request, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0_u64);
    quota.require(Wanted { bytes: announced.saturating_sub(FRAMING_BYTES), tracks: 1, uploads: 1 })?;
    admit_body(platform, request)
}

/// Whether the body may be a file that can be taken.
pub(super) fn admit_body(platform: &Platform, request: &HttpRequest) -> Result<()> {
    let is_multipart = header(request, "content-type").is_some_and(|mime| mime.starts_with("multipart/form-data"));
    if !is_multipart {
        return Err(Error::Refused(Code::NotAMultipartUpload));
    }
    let announced = header(request, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    if announced > platform.config.upload_max_bytes.saturating_add(FRAMING_BYTES) {
        return Err(Error::Refused(Code::UploadTooLarge));
    }
    platform.storage.require_space(announced)
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

async fn receive(platform: &Platform, request: &HttpRequest, body: early::Unread) -> Result<Upload> {
    let mut parts = Multipart::new(request.headers(), body);
    match next_part(&mut parts).await? {
        Some(field) if field.name() == Some("file") => receive_file(platform, field, &mut parts).await,
        Some(field) => Err(unknown(&field)),
        None => Err(Error::invalid("file", "The body holds no field `file`.")),
    }
}

async fn receive_file(platform: &Platform, field: Field, rest: &mut Multipart) -> Result<Upload> {
    let filename = field.content_disposition().and_then(|disposition| disposition.get_filename()).map(str::to_owned);
    let mut writer = platform.storage.land().await?;
    match copy(platform, field, rest, &mut writer).await {
        Ok(()) => Ok(Upload::new(platform.storage.keep(writer, Zone::Raw).await?, filename)),
        Err(error) => {
            writer.abort().await;
            Err(error)
        }
    }
}

// Takes the field: as long as it lives, the parts behind it do not come.
async fn copy(platform: &Platform, mut field: Field, rest: &mut Multipart, writer: &mut Writer) -> Result<()> {
    while let Some(chunk) = patiently(field.next()).await? {
        if writer.size_bytes() + chunk.len() as u64 > platform.config.upload_max_bytes {
            return Err(Error::Refused(Code::UploadTooLarge));
        }
        writer.write(chunk).await?;
    }
    drop(field);
    // The closing boundary tells a whole upload from one that was cut off.
    match next_part(rest).await? {
        Some(field) => Err(unknown(&field)),
        None => Ok(()),
    }
}

async fn next_part(parts: &mut Multipart) -> Result<Option<Field>> {
    patiently(parts.next()).await
}

async fn patiently<T>(next: impl Future<Output = Option<Result<T, MultipartError>>>) -> Result<Option<T>> {
    match tokio::time::timeout(PATIENCE, next).await {
        Ok(next) => next.transpose().map_err(|cause| interrupted(&cause)),
        Err(_) => Err(Error::Refused(Code::UploadInterrupted)),
    }
}

fn unknown(field: &Field) -> Error {
    Error::invalid(field.name().unwrap_or("(without a name)"), "The body holds one field, `file`.")
}

fn interrupted(cause: &MultipartError) -> Error {
    tracing::info!(%cause, "upload interrupted");
    Error::Refused(Code::UploadInterrupted)
}

/// Façade: adds a track for a file that is stored, and starts its chain.
pub(crate) async fn add(platform: &Platform, release: ReleaseId, member: AccountId, upload: Upload) -> Result<TrackId> {
    add_once(platform, release, member, &upload, &IdempotencyKey::default()).await
}

async fn add_once(
    platform: &Platform,
    release: ReleaseId,
    member: AccountId,
    upload: &Upload,
    key: &IdempotencyKey,
) -> Result<TrackId> {
    let added = try_to_add(platform, release, member, upload, key).await;
    if added.is_err() {
        discard::let_go(platform, &upload.stored.key).await;
    }
    added
}

async fn try_to_add(
    platform: &Platform,
    release: ReleaseId,
    member: AccountId,
    upload: &Upload,
    key: &IdempotencyKey,
) -> Result<TrackId> {
    // The same file is the same body, whatever boundary multipart drew around it.
    let body = (&upload.stored.hash, &upload.filename);
    platform
        .db
        .transaction(async |conn| {
            let id = TrackId::new();
            if let Some(earlier) = key.claim(conn, member, &body, id.uuid()).await? {
                // The earlier track may have another original by now, or be deleted.
                discard::enqueue(conn, vec![upload.stored.key.clone()]).await?;
                return Ok(earlier.into());
            }
            let artist = OwnRelease::lock(conn, release, member).await?.artist_id;
            if !upload.is_foreign {
                let wanted = Wanted { bytes: upload.stored.size_bytes, tracks: 1, uploads: 1 };
                Quota::spend(conn, &platform.config, artist, wanted).await?;
            }
            insert(platform, conn, id, release, member, upload).await?;
            Ok(id)
        })
        .await
}

pub(super) async fn insert(
    platform: &Platform,
    conn: &mut Conn,
    id: TrackId,
    release: ReleaseId,
    member: AccountId,
    upload: &Upload,
) -> Result<()> {
    let filename = plain_name(upload);
    let named = || filename.as_deref().and_then(Title::from_filename).or_else(|| Title::from_foreign("Untitled"));
    let title = upload.title.clone().or_else(named);
    let title = title.ok_or_else(|| anyhow::anyhow!("a title for an upload"))?;
    OwnRelease::lock(conn, release, member).await?;
    if OwnTrack::count(conn, release).await?.all >= MAX_TRACKS {
        return Err(Error::Refused(Code::ReleaseFull));
    }
    let lineage = Lineage { zone: Zone::Raw, parent: None, step: "upload", step_version: 1 };
    platform.storage.record(conn, &upload.stored, lineage).await?;
    let filename = filename.as_deref();
    let new = NewTrack { id, release, title: &title, source: &upload.stored, filename, uploaded_by: member };
    OwnTrack::insert(conn, &new).await?;
    upload.details.set(conn, id).await?;
    ingest::start(conn, id).await?;
    outbox::record(conn, &Event::TrackUploaded { track: id, release }).await
}

/// The file's name, as it is kept.
pub(super) fn plain_name(upload: &Upload) -> Option<String> {
    upload.filename.as_deref().map(|name| name.chars().filter(|c| !c.is_control()).take(255).collect())
}
