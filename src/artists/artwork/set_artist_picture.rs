//! Set an artist's avatar or banner.

use actix_web::web::{self, Data, Path};
use actix_web::{HttpRequest, HttpResponse, Responder, put};

use super::picture::Use;
use super::set_release_artwork::{let_go, replace};
use crate::artists::artist::Artist;
use crate::artists::membership;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Found, early};
use crate::platform::id::{AccountId, ArtistId};
use crate::platform::outbox;
use crate::platform::pictures::{self, Arrived, MAX_ARTWORK_BYTES};

/// Set an artist's avatar: the file itself is the body, a JPEG, PNG, WebP or AVIF of at most 20 MiB and 40 megapixels, and at
/// least 64 pixels on each side. Its middle is kept as a square.
#[utoipa::path(tag = "artwork", params(("id" = String, Path, description = "The artist's id or slug")), request_body(content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/avif"))), responses(
    (status = 200, body = Artist), (status = 401, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem),
    (status = 507, body = Problem)))]
#[put("/artists/{id}/avatar")]
pub(super) async fn put_avatar(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Upload>,
    artist: Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse> {
    put(&request, &platform, identity.account, &artist, Use::Avatar, payload).await
}

/// Set an artist's banner, as an avatar is set. Its middle is kept, three times as wide as high; it has one more size, 2048
/// wide.
#[utoipa::path(tag = "artwork", params(("id" = String, Path, description = "The artist's id or slug")), request_body(content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/avif"))), responses(
    (status = 200, body = Artist), (status = 401, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem),
    (status = 507, body = Problem)))]
#[put("/artists/{id}/banner")]
pub(super) async fn put_banner(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Upload>,
    artist: Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse> {
    put(&request, &platform, identity.account, &artist, Use::Banner, payload).await
}

async fn put(
    request: &HttpRequest,
    platform: &Platform,
    member: AccountId,
    artist: &str,
    of: fn(ArtistId) -> Use,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = early::Unread::new(payload);
    let (id, arrived) = match accept(platform, request, artist, member, body.clone()).await {
        Ok(arrived) => arrived,
        Err(error) => return Ok(early::answer(&error, body)),
    };
    store(platform, id, member, of(id), arrived).await?;
    let artist = Artist::find(&mut *platform.db.conn().await?, &id.to_string(), Some(member)).await?;
    Ok(Found(artist.ok_or(Error::NotFound("artist"))?).respond_to(request))
}

async fn accept(
    platform: &Platform,
    request: &HttpRequest,
    artist: &str,
    member: AccountId,
    body: early::Unread,
) -> Result<(ArtistId, Arrived)> {
    let id = Artist::find_mine(&mut *platform.db.conn().await?, artist, member).await?;
    let id = id.ok_or(Error::NotFound("artist"))?;
    Ok((id, pictures::receive(platform, request, member, body, MAX_ARTWORK_BYTES).await?))
}

/// Façade: sets an artist's avatar to a picture that is in memory.
pub(crate) async fn set(platform: &Platform, artist: &str, member: AccountId, file: Vec<u8>) -> Result<()> {
    let id = Artist::find_mine(&mut *platform.db.conn().await?, artist, member).await?;
    let id = id.ok_or(Error::NotFound("artist"))?;
    store(platform, id, member, Use::Avatar(id), Arrived::of(platform, file).await?).await
}

/// Puts a picture in its place.
pub(in crate::artists) async fn store(
    platform: &Platform,
    id: ArtistId,
    member: AccountId,
    of: Use,
    arrived: Arrived,
) -> Result<()> {
    let (source, packed) = pictures::pack(platform, arrived, of.shape()).await?;
    let stored = platform
        .db
        .transaction(async |conn| {
            if !membership::lock_artist(conn, id, member).await? {
                return Err(Error::NotFound("artist"));
            }
            replace(platform, conn, of, &source, &packed).await?;
            outbox::record(conn, &Event::ArtistChanged { artist: id }).await
        })
        .await;
    if stored.is_err() {
        let_go(platform, [source, packed.stored]).await;
    }
    stored
}
