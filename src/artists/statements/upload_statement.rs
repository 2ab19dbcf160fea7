//! Upload a statement: the file goes to disk as it comes, and a job reads it.

use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, post, web};
use futures_util::StreamExt;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::import_statement;
use super::mapping::KeptMapping;
use super::statement::{NewStatement, OwnStatement, Source, Statement, StatementState};
use crate::artists::artist::Artist;
use crate::artists::discard;
use crate::artists::quotas::{Quota, Wanted};
use crate::platform::Platform;
use crate::platform::auth::{self, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Query, early};
use crate::platform::id::{AccountId, ArtistId, StatementId, StatementMappingId};
use crate::platform::storage::{Lineage, Stored, Writer, Zone};

/// The largest statement.
const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// A client that sends nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// What multipart adds to a file: boundaries and headers.
const FRAMING_BYTES: u64 = 64 * 1024;

/// The multipart body of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body for the API's document")]
struct StatementForm {
    /// A CSV or TSV file of at most 512 MiB and a million lines.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What the sender says of the file.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Told {
    /// Whose statement it is; told from its header where absent.
    source: Option<Source>,
    /// The mapping that describes it.
    mapping: Option<StatementMappingId>,
}

/// A file that arrived whole.
struct Arrived {
    stored: Stored,
    filename: Option<String>,
}

/// Upload a statement of a store or an aggregator, as the field `file` of a multipart body. A job reads it; see its state.
/// The same file once more answers with the statement that there is (200); one that was rejected is tried again. Statements
/// count in the artist's quota, of bytes as long as they are kept, and of uploads in a day.
#[utoipa::path(tag = "statements", params(("id" = String, Path, description = "The artist's id or slug"), Told),
    request_body(content_type = "multipart/form-data", content = inline(StatementForm)), responses(
    (status = 200, body = Statement), (status = 202, body = Statement), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 422, body = Problem), (status = 507, body = Problem)))]
#[post("/artists/{id}/statements")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<auth::Upload>,
    artist: Path<String>,
    Query(told): Query<Told>,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = early::Unread::new(payload);
    let arrived = accept(&platform, &request, &artist, told, identity.account, body.clone()).await;
    let (artist, arrived) = match arrived {
        Ok(arrived) => arrived,
        Err(error) => return Ok(early::answer(&error, body)),
    };
    let (statement, is_new) = add(&platform, artist, identity.account, told, &arrived).await?;
    let mut answer = if is_new { HttpResponse::Accepted() } else { HttpResponse::Ok() };
    Ok(answer.json(statement))
}

async fn accept(
    platform: &Platform,
    request: &HttpRequest,
    artist: &str,
    told: Told,
    member: AccountId,
    body: early::Unread,
) -> Result<(ArtistId, Arrived)> {
    let artist = admit(platform, request, artist, told, member).await?;
    let arrived = receive(platform, request, body).await?;
    auth::require_still(request).await?;
    Ok((artist, arrived))
}

// All that can be said no to before the body is read.
async fn admit(
    platform: &Platform,
    request: &HttpRequest,
    artist: &str,
    told: Told,
    member: AccountId,
) -> Result<ArtistId> {
    let mut conn = platform.db.conn().await?;
    let artist = Artist::find_mine(&mut conn, artist, member).await?.ok_or(Error::NotFound("artist"))?;
    check(&mut conn, artist, told).await?;
    let is_multipart = header(request, "content-type").is_some_and(|mime| mime.starts_with("multipart/form-data"));
    if !is_multipart {
        return Err(Error::Refused(Code::NotAMultipartUpload));
    }
    let announced = header(request, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    if announced > most(platform).saturating_add(FRAMING_BYTES) {
        return Err(Error::Refused(Code::UploadTooLarge));
    }
    let quota = Quota::of(&mut conn, &platform.config, artist).await?;
    quota.require(Wanted { bytes: announced.saturating_sub(FRAMING_BYTES), tracks: 0, uploads: 1 })?;
    platform.storage.require_space(announced)?;
    Ok(artist)
}

async fn check(conn: &mut Conn, artist: ArtistId, told: Told) -> Result<()> {
    if told.source == Some(Source::Described) {
        return Err(Error::invalid("source", "A statement that is described needs its `mapping` instead."));
    }
    let Some(mapping) = told.mapping else { return Ok(()) };
    if told.source.is_some() {
        return Err(Error::invalid("mapping", "Say either `source` or `mapping`."));
    }
    let known = KeptMapping::find(conn, artist, mapping).await?;
    known.map(drop).ok_or_else(|| Error::invalid("mapping", "This artist has no such mapping."))
}

fn most(platform: &Platform) -> u64 {
    MAX_BYTES.min(platform.config.upload_max_bytes)
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

async fn receive(platform: &Platform, request: &HttpRequest, body: early::Unread) -> Result<Arrived> {
    let mut parts = Multipart::new(request.headers(), body);
    match next_part(&mut parts).await? {
        Some(field) if field.name() == Some("file") => receive_file(platform, field, &mut parts).await,
        Some(field) => Err(unknown(&field)),
        None => Err(Error::invalid("file", "The body holds no field `file`.")),
    }
}

async fn receive_file(platform: &Platform, field: Field, rest: &mut Multipart) -> Result<Arrived> {
    let filename = field.content_disposition().and_then(|disposition| disposition.get_filename());
    let filename = filename.map(|name| name.chars().filter(|letter| !letter.is_control()).take(255).collect());
    let mut writer = platform.storage.land().await?;
    match copy(platform, field, rest, &mut writer).await {
        Ok(()) => Ok(Arrived { stored: platform.storage.keep(writer, Zone::Raw).await?, filename }),
        Err(error) => {
            writer.abort().await;
            Err(error)
        }
    }
}

// Takes the field: as long as it lives, the parts behind it do not come.
async fn copy(platform: &Platform, mut field: Field, rest: &mut Multipart, writer: &mut Writer) -> Result<()> {
    while let Some(chunk) = patiently(field.next()).await? {
        if writer.size_bytes() + chunk.len() as u64 > most(platform) {
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

async fn add(
    platform: &Platform,
    artist: ArtistId,
    member: AccountId,
    told: Told,
    arrived: &Arrived,
) -> Result<(Statement, bool)> {
    let added = try_to_add(platform, artist, member, told, arrived).await;
    if added.is_err() {
        discard::let_go(platform, &arrived.stored.key).await;
    }
    added
}

async fn try_to_add(
    platform: &Platform,
    artist: ArtistId,
    member: AccountId,
    told: Told,
    arrived: &Arrived,
) -> Result<(Statement, bool)> {
    let Arrived { stored, filename } = arrived;
    let filename = filename.as_deref();
    let new = NewStatement { artist, filename, stored, source: told.source, mapping: told.mapping };
    platform
        .db
        .transaction(async |conn| {
            // Once more, behind the upload: it may have taken long.
            let still = Artist::find_mine(conn, &artist.to_string(), member).await?;
            still.ok_or(Error::NotFound("artist"))?;
            let begun = begin(platform, conn, &new).await?;
            if begun.is_new {
                let lineage = Lineage { zone: Zone::Raw, parent: None, step: "statement", step_version: 1 };
                platform.storage.record(conn, stored, lineage).await?;
                import_statement::enqueue(conn, begun.id).await?;
            }
            let statement = Statement::find(conn, artist, begun.id, member).await?;
            Ok((statement.ok_or(Error::NotFound("statement"))?, begun.is_new))
        })
        .await
}

struct Begun {
    id: StatementId,
    is_new: bool,
}

// Every file that came counts as an upload; only one that is kept beside the others takes room.
async fn begin(platform: &Platform, conn: &mut Conn, new: &NewStatement<'_>) -> Result<Begun> {
    let is_known = OwnStatement::lock_same(conn, new).await?.is_some();
    let bytes = if is_known { 0 } else { new.stored.size_bytes };
    Quota::spend(conn, &platform.config, new.artist, Wanted { bytes, tracks: 0, uploads: 1 }).await?;
    match OwnStatement::insert(conn, new).await? {
        Some(id) => Ok(Begun { id, is_new: true }),
        None => begin_again(conn, new).await,
    }
}

// The artist has a statement of this very file: what was rejected is tried again, with what is said of it now.
async fn begin_again(conn: &mut Conn, new: &NewStatement<'_>) -> Result<Begun> {
    // It was removed a moment ago: who tries again succeeds.
    let same = OwnStatement::lock_same(conn, new).await?.ok_or(Error::Unavailable)?;
    let is_new = same.state == StatementState::Rejected;
    if is_new {
        same.restart(conn, new).await?;
        discard::enqueue(conn, vec![same.file_key.clone()]).await?;
    }
    Ok(Begun { id: same.id, is_new })
}
