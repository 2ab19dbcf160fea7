//! Remove an artist's avatar or banner.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::picture::{Picture, Use};
use crate::artists::artist::Artist;
use crate::artists::{discard, membership};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::NoContent;
use crate::platform::id::{AccountId, ArtistId};
use crate::platform::outbox;

/// Remove an artist's avatar. Its address leads nowhere from now on.
#[utoipa::path(tag = "artwork", params(("id" = String, Path, description = "The artist's id or slug")), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/artists/{id}/avatar")]
pub(super) async fn delete_avatar(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    artist: Path<String>,
) -> Result<NoContent> {
    remove(&platform.db, &artist, identity.account, Use::Avatar).await.map(|()| NoContent)
}

/// Remove an artist's banner. Its address leads nowhere from now on.
#[utoipa::path(tag = "artwork", params(("id" = String, Path, description = "The artist's id or slug")), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/artists/{id}/banner")]
pub(super) async fn delete_banner(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    artist: Path<String>,
) -> Result<NoContent> {
    remove(&platform.db, &artist, identity.account, Use::Banner).await.map(|()| NoContent)
}

async fn remove(db: &Db, artist: &str, member: AccountId, of: fn(ArtistId) -> Use) -> Result<()> {
    db.transaction(async |conn| {
        let id = Artist::find_mine(conn, artist, member).await?.ok_or(Error::NotFound("artist"))?;
        if !membership::lock_artist(conn, id, member).await? {
            return Err(Error::NotFound("artist"));
        }
        let before = Picture::remove(conn, of(id)).await?;
        if before.is_empty() {
            return Ok(());
        }
        discard::enqueue(conn, before).await?;
        outbox::record(conn, &Event::ArtistChanged { artist: id }).await
    })
    .await
}
