//! Replace a track's audio by another file.

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, put};

use super::replacement::Replacement;
use crate::artists::ingest::{Manner, restart};
use crate::artists::own_track::OwnTrack;
use crate::artists::quotas::{Quota, Wanted};
use crate::artists::stage::Step;
use crate::artists::track::{Track, TrackState};
use crate::artists::upload_track::{self, Upload, UploadForm};
use crate::artists::{discard, quarantine, show_track};
use crate::platform::Platform;
use crate::platform::auth::{self, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Id, IfMatch, IfMatchHeader, early};
use crate::platform::id::{AccountId, TrackId};
use crate::platform::outbox;
use crate::platform::storage::{Lineage, Zone};

/// Replace a track's audio by the field `file` of a multipart body. The track keeps its id, its place and its plays. One that
/// can be heard plays on with what it has, and changes all at once when the new file is ready; if that is rejected, nothing
/// has changed.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path), IfMatchHeader),
    request_body(content_type = "multipart/form-data", content = inline(UploadForm)), responses(
    (status = 202, body = Track), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 412, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
    (status = 507, body = Problem)))]
#[put("/tracks/{id}/audio")]
pub(in crate::artists) async fn put(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<auth::Upload>,
    Id(id): Id<TrackId>,
    if_match: IfMatch,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = early::Unread::new(payload);
    let upload = match accept(&platform, &request, id, identity.account, body.clone()).await {
        Ok(upload) => upload,
        Err(error) => return Ok(early::answer(&error, body)),
    };
    replace(&platform, id, identity.account, &upload, &if_match).await?;
    Ok(HttpResponse::Accepted().json(show_track::show(&platform.db, id, Some(identity.account)).await?))
}

async fn accept(
    platform: &Platform,
    request: &HttpRequest,
    id: TrackId,
    member: AccountId,
    body: early::Unread,
) -> Result<Upload> {
    {
        // Given back before bytes come, which may take as long as they like.
        let conn = &mut *platform.db.conn().await?;
        let track = OwnTrack::find_mine(conn, id, member).await?.ok_or(Error::NotFound("track"))?;
        let quota = Quota::of_release(conn, &platform.config, track.release).await?;
        quota.require(Wanted { bytes: 0, tracks: 0, uploads: 1 })?;
    }
    upload_track::admit_body(platform, request)?;
    upload_track::receive_still(platform, request, body).await
}

async fn replace(
    platform: &Platform,
    id: TrackId,
    member: AccountId,
    upload: &Upload,
    if_match: &IfMatch,
) -> Result<()> {
    let replaced = platform
        .db
        .transaction(async |conn| {
            let track = OwnTrack::find_mine(conn, id, member).await?.ok_or(Error::NotFound("track"))?;
            let wanted = Wanted { bytes: upload.stored.size_bytes, tracks: 0, uploads: 1 };
            Quota::spend(conn, &platform.config, track.artist, wanted).await?;
            put_in_place(platform, conn, id, member, upload, if_match).await
        })
        .await;
    if replaced.is_err() {
        discard::let_go(platform, &upload.stored.key).await;
    }
    replaced
}

/// Lets a stored file take the place of a track's, in the caller's transaction.
pub(in crate::artists) async fn put_in_place(
    platform: &Platform,
    conn: &mut Conn,
    id: TrackId,
    member: AccountId,
    upload: &Upload,
    if_match: &IfMatch,
) -> Result<()> {
    // The job before the track, as everybody who holds both does.
    quarantine::cancel(conn, id).await?;
    let track = OwnTrack::lock_mine(conn, id, member).await?;
    show_track::require(conn, id, member, if_match).await?;
    let filename = upload_track::plain_name(upload);
    let busy = Error::Refused(Code::TrackStillProcessing);
    match track.state {
        _ if crate::artists::chain::Chain::find(conn, id).await?.is_some() => return Err(busy),
        TrackState::Ready | TrackState::TakenDown => {
            Replacement::insert(conn, id, &upload.stored, filename.as_deref(), member).await?;
        }
        TrackState::Processing | TrackState::Rejected | TrackState::Cancelled => {
            track.resupply(conn, &upload.stored, filename.as_deref(), member).await?;
            discard::enqueue(conn, vec![track.source_key.clone()]).await?;
        }
    }
    if !restart(conn, &track, Manner { from: Some(Step::Probe), in_background: false }).await? {
        return Err(busy);
    }
    outbox::record(conn, &Event::TrackUploaded { track: id, release: track.release }).await?;
    let lineage = Lineage { zone: Zone::Raw, parent: None, step: "upload", step_version: 1 };
    platform.storage.record(conn, &upload.stored, lineage).await
}
