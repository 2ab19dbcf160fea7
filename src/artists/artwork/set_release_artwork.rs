//! Set a release's artwork.

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, Responder, put};

use super::picture::{Picture, Use, Wanted};
use crate::artists::release::{OwnRelease, Release};
use crate::artists::{discard, show_release};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Editable, Id, IfMatch, IfMatchHeader, early};
use crate::platform::id::{AccountId, ReleaseId};
use crate::platform::outbox;
use crate::platform::pictures::{self, Arrived, MAX_ARTWORK_BYTES, Packed};
use crate::platform::storage::{Lineage, Stored, Zone};

/// What makes the sizes; raised when the same picture would give other bytes.
const STEP_VERSION: i32 = 1;

/// Set a release's artwork: the file itself is the body, a JPEG, PNG, WebP or AVIF of at most 20 MiB and 40 megapixels, and
/// at least 64 pixels on each side; 3000 × 3000 look sharp everywhere. Its middle is kept as a square, and stands in the
/// place of what a track's file brought along.
#[utoipa::path(tag = "artwork", params(("id" = ReleaseId, Path), IfMatchHeader), request_body(content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/avif"))), responses(
    (status = 200, body = Release, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem),
    (status = 507, body = Problem)))]
#[put("/releases/{id}/artwork")]
pub(super) async fn put(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<ReleaseId>,
    if_match: IfMatch,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = early::Unread::new(payload);
    let arrived = match accept(&platform, &request, id, identity.account, body.clone()).await {
        Ok(arrived) => arrived,
        Err(error) => return Ok(early::answer(&error, body)),
    };
    set_seen(&platform, id, identity.account, arrived, &if_match, false).await?;
    let release = show_release::show(&platform.db, id, Some(identity.account)).await?;
    Ok(Editable(release).respond_to(&request))
}

async fn accept(
    platform: &Platform,
    request: &HttpRequest,
    release: ReleaseId,
    member: AccountId,
    body: early::Unread,
) -> Result<Arrived> {
    if !OwnRelease::is_mine(&mut *platform.db.conn().await?, release, member).await? {
        return Err(Error::NotFound("release"));
    }
    pictures::receive(platform, request, member, body, MAX_ARTWORK_BYTES).await
}

/// Façade: sets the artwork of a release to a picture that is in memory. Not where its artist has set one, or wants none;
/// false then.
pub(crate) async fn set(platform: &Platform, id: ReleaseId, member: AccountId, file: Vec<u8>) -> Result<bool> {
    if Wanted::is_said(&mut *platform.db.conn().await?, id).await? {
        return Ok(false);
    }
    let arrived = Arrived::of(platform, file).await?;
    set_seen(platform, id, member, arrived, &IfMatch::default(), true).await
}

// `if_unsaid`: not where the artist has said something of it by then, though the picture was made; false then.
async fn set_seen(
    platform: &Platform,
    id: ReleaseId,
    member: AccountId,
    arrived: Arrived,
    if_match: &IfMatch,
    if_unsaid: bool,
) -> Result<bool> {
    let (source, packed) = pictures::pack(platform, arrived, Use::Cover(id).shape()).await?;
    let stored = platform
        .db
        .transaction(async |conn| {
            let release = OwnRelease::lock(conn, id, member).await?;
            show_release::require(conn, id, member, if_match).await?;
            if if_unsaid && Wanted::is_said(conn, id).await? {
                return Ok(false);
            }
            replace(platform, conn, Use::Cover(id), &source, &packed).await?;
            Wanted::say(conn, id, false).await?;
            outbox::record(conn, &Event::ReleaseChanged { release: id, artist: release.artist_id }).await?;
            Ok(true)
        })
        .await;
    if !matches!(stored, Ok(true)) {
        let_go(platform, [source, packed.stored]).await;
    }
    stored
}

/// Puts an uploaded picture in the place of another; the caller holds whatever it is of.
pub(super) async fn replace(
    platform: &Platform,
    conn: &mut Conn,
    of: Use,
    source: &Stored,
    packed: &Packed,
) -> Result<()> {
    let before = Picture::remove(conn, of).await?;
    let upload = Lineage { zone: Zone::Raw, parent: None, step: "upload", step_version: 1 };
    platform.storage.record(conn, source, upload).await?;
    record_sizes(platform, conn, &source.key, packed).await?;
    Picture::insert(conn, of, &source.key, packed, false).await?;
    discard::enqueue(conn, before).await
}

/// Records where a picture's sizes come from, and holds them.
pub(super) async fn record_sizes(platform: &Platform, conn: &mut Conn, source: &str, packed: &Packed) -> Result<()> {
    let lineage = Lineage { zone: Zone::Curated, parent: Some(source), step: "artwork", step_version: STEP_VERSION };
    platform.storage.record(conn, &packed.stored, lineage).await
}

/// What was stored for nothing.
pub(super) async fn let_go(platform: &Platform, stored: [Stored; 2]) {
    for object in stored {
        discard::let_go(platform, &object.key).await;
    }
}
