//! Begin an upload, with its first bytes or without; or put one together of parts.

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, post};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::append::{self, Piece, Progress};
use super::lease::{in_turn, patiently};
use super::metadata::{self, Metadata};
use super::transfer::{Form, NewTransfer, Transfer, edits_anything};
use super::{finish, headers};
use crate::artists::own_track::OwnTrack;
use crate::artists::quotas::{Quota, Wanted};
use crate::artists::release::OwnRelease;
use crate::platform::Platform;
use crate::platform::auth::{self, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{IdempotencyHeader, IdempotencyKey, early};
use crate::platform::id::{AccountId, ReleaseId, TrackId, UploadId};
use crate::platform::task;

/// Uploads that an account may have open.
const MAX_OPEN: i64 = 1000;

/// Parts that a file may be put together of.
const MAX_PARTS: usize = 1000;

/// What a request begins.
#[derive(Debug, Serialize)]
struct Plan {
    form: Form,
    length: Option<u64>,
    metadata: Option<String>,
    parts: Vec<UploadId>,
}

/// Begin an upload: of `Upload-Length` bytes, or `Upload-Defer-Length: 1`; `Upload-Metadata` names the release
/// (`release_id`) and the file (`filename`). A body of the type `application/offset+octet-stream` holds the first bytes.
/// `Upload-Concat: partial` begins a part, and `final;` with the addresses of parts puts a file together of them.
#[utoipa::path(tag = "uploads", params(IdempotencyHeader, ("Tus-Resumable" = String, Header),
    ("Upload-Length" = Option<u64>, Header), ("Upload-Defer-Length" = Option<u64>, Header),
    ("Upload-Metadata" = Option<String>, Header), ("Upload-Concat" = Option<String>, Header),
    ("Upload-Checksum" = Option<String>, Header)), responses(
    (status = 201, headers(("Location" = String), ("Upload-Offset" = u64), ("Upload-Expires" = String), ("Upload-Track" = String))),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 412, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem), (status = 460, body = Problem), (status = 507, body = Problem)))]
#[post("")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<auth::Upload>,
    key: IdempotencyKey,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = early::Unread::new(payload);
    let (unread, member) = (body.clone(), identity.account);
    match task::to_the_end(async move { accept(&platform, &request, member, &key, body).await }).await? {
        Ok((id, progress)) => Ok(append::answer(created(id), &progress)),
        Err(error) => Ok(early::answer(&error, unread)),
    }
}

fn created(id: UploadId) -> HttpResponseBuilder {
    let mut response = HttpResponse::Created();
    response.insert_header(("location", headers::location(id)));
    response
}

async fn accept(
    platform: &Platform,
    request: &HttpRequest,
    member: AccountId,
    key: &IdempotencyKey,
    body: early::Unread,
) -> Result<(UploadId, Progress)> {
    let plan = Plan::of(request)?;
    let holds_bytes = headers::is_piece(request)?;
    if !holds_bytes && headers::announced(request)? > 0 {
        return Err(Error::Refused(Code::NotAPieceOfAnUpload));
    }
    let (id, is_new) = begin(platform, member, &plan, key).await?;
    let transfer = find(platform, id).await?;
    if plan.is_all_there() {
        finish::finish(platform, id, finish::By::Request).await?;
    } else if holds_bytes && is_new {
        // Its length is said already.
        let piece = Piece::of(request, 0)?.of_known_length();
        return Ok((id, Box::pin(append::append(platform, request, (member, id), piece, body)).await?));
    } else {
        let progress =
            Progress { offset: transfer.offset(), expires_at: transfer.expires_at, track: transfer.track_id };
        return Ok((id, progress));
    }
    let transfer = find(platform, id).await?;
    Ok((id, Progress { offset: transfer.offset(), expires_at: transfer.expires_at, track: transfer.track_id }))
}

async fn find(platform: &Platform, id: UploadId) -> Result<Transfer> {
    Transfer::find(&mut *platform.db.conn().await?, id).await?.ok_or(Error::NotFound("upload"))
}

impl Plan {
    fn of(request: &HttpRequest) -> Result<Self> {
        let (form, parts) = form(headers::text(request, "upload-concat")?)?;
        let length = headers::bytes(request, "upload-length")?;
        let deferred = match headers::text(request, "upload-defer-length")? {
            None => false,
            Some("1") => true,
            Some(_) => return Err(headers::malformed("upload-defer-length", "it can only be 1")),
        };
        match (form, length, deferred) {
            (Form::Joined, None, false) | (Form::Whole | Form::Part, Some(_), false) => {}
            (Form::Whole | Form::Part, None, true) => {}
            (Form::Joined, ..) => return Err(headers::malformed("upload-length", "it is that of the parts")),
            _ => return Err(headers::malformed("upload-length", "say either it or Upload-Defer-Length: 1")),
        }
        let metadata = headers::text(request, metadata::HEADER)?.map(str::to_owned);
        Ok(Self { form, length, metadata, parts })
    }

    /// Whether no bytes are to come for something that becomes a track. A part of none waits like all others.
    fn is_all_there(&self) -> bool {
        self.form == Form::Joined || (self.form == Form::Whole && self.length == Some(0))
    }
}

fn form(concat: Option<&str>) -> Result<(Form, Vec<UploadId>)> {
    let bad = |why| headers::malformed("upload-concat", why);
    let Some(concat) = concat else { return Ok((Form::Whole, Vec::new())) };
    if concat == "partial" {
        return Ok((Form::Part, Vec::new()));
    }
    let addresses = concat.strip_prefix("final;").ok_or_else(|| bad("it is `partial`, or `final;` and addresses"))?;
    let parts: Option<Vec<UploadId>> = addresses.split_ascii_whitespace().map(id_in).collect();
    let parts = parts.filter(|parts| (1..=MAX_PARTS).contains(&parts.len()));
    Ok((Form::Joined, parts.ok_or_else(|| bad("it names 1 to 1000 uploads by their addresses"))?))
}

// With a host or without.
fn id_in(address: &str) -> Option<UploadId> {
    let (before, id) = address.rsplit_once('/')?;
    before.ends_with("/api/v1/uploads").then(|| id.parse().ok())?
}

// The upload, and whether this request made it.
async fn begin(platform: &Platform, member: AccountId, plan: &Plan, key: &IdempotencyKey) -> Result<(UploadId, bool)> {
    let metadata = plan.metadata.as_deref().map(metadata::parse).transpose()?.unwrap_or_default();
    if let Some(length) = plan.length {
        admit_length(platform, length)?;
    }
    patiently(async || {
        let beginning = platform.db.transaction(async |conn| {
            let id = UploadId::new();
            if let Some(earlier) = key.claim(conn, member, plan, id.uuid()).await? {
                return Ok((earlier.into(), false));
            }
            insert(platform, conn, id, member, plan, &metadata).await?;
            Ok((id, true))
        });
        in_turn(beginning).await
    })
    .await
}

async fn insert(
    platform: &Platform,
    conn: &mut Conn,
    id: UploadId,
    member: AccountId,
    plan: &Plan,
    metadata: &Metadata,
) -> Result<()> {
    let (release, replaces) = match plan.form {
        Form::Part if edits_anything(conn, member).await? => (None, None),
        Form::Part => return Err(Error::Forbidden),
        Form::Whole | Form::Joined => target(conn, member, metadata).await?,
    };
    if Transfer::count_open(conn, member).await? >= MAX_OPEN {
        return Err(Error::Refused(Code::LimitReached));
    }
    let length = match plan.form {
        Form::Joined => Some(length_of_parts(platform, conn, member, &plan.parts).await?),
        Form::Whole | Form::Part => plan.length,
    };
    if let Some(release) = release {
        // What is in an archive counts when it is unpacked.
        let tracks = i64::from(replaces.is_none() && !metadata.is_archive());
        let wanted = Wanted { bytes: length.unwrap_or(0), tracks, uploads: 1 };
        let artist = OwnRelease::lock(conn, release, member).await?.artist_id;
        Quota::spend(conn, &platform.config, artist, wanted).await?;
    } else {
        append::reserve_parts(conn, &platform.config, member, length.unwrap_or(0)).await?;
    }
    let new = NewTransfer {
        id,
        account: member,
        release,
        form: plan.form,
        filename: metadata.filename.as_deref(),
        metadata: plan.metadata.as_deref(),
        length,
        parts: (plan.form == Form::Joined).then_some(plan.parts.as_slice()),
        expires_at: expiry(platform, platform.clock.now()),
        replaces,
        is_archive: plan.form != Form::Part && replaces.is_none() && metadata.is_archive(),
    };
    Transfer::insert(conn, &new).await?;
    if plan.is_all_there() { finish::enqueue(platform, conn, id).await } else { Ok(()) }
}

/// What an upload is for: a new track of a release, or another file of a track.
async fn target(
    conn: &mut Conn,
    member: AccountId,
    metadata: &Metadata,
) -> Result<(Option<ReleaseId>, Option<TrackId>)> {
    if let Some(track) = metadata.track()? {
        let track = OwnTrack::find_mine(conn, track, member).await?.ok_or(Error::NotFound("track"))?;
        return Ok((Some(track.release), Some(track.id)));
    }
    let release = OwnRelease::lock(conn, metadata.release()?, member).await?;
    Ok((Some(release.id), None))
}

async fn length_of_parts(platform: &Platform, conn: &mut Conn, member: AccountId, parts: &[UploadId]) -> Result<u64> {
    let mut length = 0_u64;
    for id in parts {
        let part = Transfer::find_mine(conn, *id, member).await?.filter(|part| part.form == Form::Part);
        let part = part.ok_or(Error::NotFound("upload"))?;
        part.require_open(platform.clock.now())?;
        if !part.is_complete_part() {
            return Err(Error::Refused(Code::UploadPartsUnfinished));
        }
        length = length.saturating_add(part.offset());
    }
    admit_length(platform, length)?;
    Ok(length)
}

/// Refuses what is too long for this server, or for its disk.
pub(super) fn admit_length(platform: &Platform, length: u64) -> Result<()> {
    if length > platform.config.upload_max_bytes {
        return Err(Error::Refused(Code::UploadTooLarge));
    }
    platform.storage.require_space(length)
}

/// Until when an upload waits for its next bytes: a little less than `landing/` keeps them. S3 counts from the beginning.
pub(super) fn expiry(platform: &Platform, begun_at: DateTime<Utc>) -> DateTime<Utc> {
    let kept = platform.config.retention.landing;
    let since = if platform.storage.is_remote() { begun_at } else { platform.clock.now() };
    since + (kept - kept / 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_is_put_together_of_is_named_by_address() {
        let id = UploadId::new();
        for address in [format!("/api/v1/uploads/{id}"), format!("https://music.example/api/v1/uploads/{id}")] {
            let (form, parts) = form(Some(&format!("final;{address} {address}"))).expect("parts");
            assert_eq!((form, parts), (Form::Joined, vec![id, id]));
        }
        assert_eq!(form(Some("partial")).expect("a part").0, Form::Part);
        for bad in ["", "final", "final;", "final;x", "final;/api/v1/uploads/x", "Partial", &format!("final;/{id}")] {
            assert!(form(Some(bad)).is_err(), "{bad}");
        }
    }
}
