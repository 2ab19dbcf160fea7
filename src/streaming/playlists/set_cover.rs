//! Set a playlist's cover.

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, Responder, put};

use super::cover::{Cover, SIZES};
use super::discard_cover;
use super::playlist::{Playlist, PlaylistRole};
use super::show_playlist::{ShownPlaylist, editable, show};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, early};
use crate::platform::id::{AccountId, PlaylistId};
use crate::platform::pictures::{self, LINEAGE, MAX_BYTES, Picture};

/// Set a playlist's cover: the file itself is the body, a JPEG, PNG, WebP or AVIF of at most 10 MiB and 40 megapixels. Its middle
/// is kept, as a square in two sizes; nothing else of it is. The playlist's owner may.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path)), request_body(content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/avif"))), responses(
    (status = 200, body = ShownPlaylist), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
    (status = 503, body = Problem), (status = 507, body = Problem)))]
#[put("/playlists/{id}/cover")]
pub(super) async fn put(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<PlaylistId>,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = early::Unread::new(payload);
    let picture = match accept(&platform, &request, (id, identity.account), body.clone()).await {
        Ok(picture) => picture,
        Err(error) => return Ok(early::answer(&error, body)),
    };
    Ok(editable(set(&platform, id, identity.account, &picture).await?).respond_to(&request))
}

async fn accept(
    platform: &Platform,
    request: &HttpRequest,
    (id, sender): (PlaylistId, AccountId),
    body: early::Unread,
) -> Result<Picture> {
    // Who may not set it is told before the file is read.
    let playlist = Playlist::shown(&mut *platform.db.conn().await?, id, Some(sender)).await?;
    if playlist.role != Some(PlaylistRole::Owner) {
        return Err(Error::Forbidden);
    }
    let arrived = pictures::receive(platform, request, sender, body, MAX_BYTES).await?;
    pictures::make(platform, arrived, SIZES).await
}

async fn set(platform: &Platform, id: PlaylistId, owner: AccountId, picture: &Picture) -> Result<ShownPlaylist> {
    let stored = platform.db.transaction(async |conn| replace(conn, platform, (id, owner), picture).await).await;
    if stored.is_err() {
        // What was stored for nothing; should this fail as well, the store's sweep finds it.
        let keys = vec![picture.large.key.clone(), picture.small.key.clone()];
        let discarded = async { discard_cover::enqueue(&mut *platform.db.conn().await?, keys).await };
        if let Err(error) = discarded.await {
            tracing::warn!(%error, "a cover that nobody shows stays for now");
        }
    }
    stored
}

async fn replace(
    conn: &mut Conn,
    platform: &Platform,
    (id, owner): (PlaylistId, AccountId),
    picture: &Picture,
) -> Result<ShownPlaylist> {
    Playlist::lock(conn, id, owner, PlaylistRole::Owner).await?;
    let before = Cover::of(conn, id).await?;
    // Locked in one order, so that two who set the same pictures do not wait for each other.
    let mut stored = [&picture.large, &picture.small];
    stored.sort_by(|one, other| one.key.cmp(&other.key));
    for object in stored {
        platform.storage.record(conn, object, LINEAGE).await?;
    }
    Cover::set(conn, id, Some(picture), platform.clock.now()).await?;
    discard_cover::enqueue(conn, before.keys()).await?;
    show(conn, id, Some(owner)).await
}
