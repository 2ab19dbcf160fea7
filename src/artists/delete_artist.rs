//! Delete an artist. Nobody finds it from that moment on; its whole catalogue goes by a job, for that may be long.

use actix_web::delete;
use actix_web::web::{Data, Path};
use serde::{Deserialize, Serialize};

use super::artist::Artist;
use super::artwork::Picture;
use super::own_artist::OwnArtist;
use super::release::OwnRelease;
use super::{delete_release, discard, membership, people, statements};
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::NoContent;
use crate::platform::id::{AccountId, ArtistId};
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::outbox;

/// An artist without members.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeleteArtist {
    artist: ArtistId,
}

impl Job for DeleteArtist {
    const KIND: &'static str = "artists.delete_artist";
    const QUEUE: &'static str = "ingest";
    /// Nothing is wrong with a job like this but the database, and that comes back.
    const MAX_ATTEMPTS: i16 = 20;
}

/// Delete an artist with its releases and tracks. Only an owner may, and there is no way back.
#[utoipa::path(tag = "artists", params(("id" = String, Path, description = "Id or slug")), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/artists/{id}")]
pub(super) async fn delete(platform: Data<Platform>, identity: Identity<Fresh>, id: Path<String>) -> Result<NoContent> {
    close(&platform.db, &id, identity.account).await.map(|()| NoContent)
}

async fn close(db: &Db, id_or_slug: &str, owner: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        let artist = OwnArtist::lock_owned(conn, id_or_slug, owner).await?;
        let members = Artist::members(conn, artist.id).await?;
        artist.close(conn).await?;
        for member in members.into_iter().filter(|member| *member != owner) {
            outbox::record(conn, &people::changed(&artist, member, None, Some(owner))).await?;
        }
        enqueue(conn, artist.id).await?;
        outbox::record(conn, &Event::ArtistChanged { artist: artist.id }).await
    })
    .await
}

/// In the transaction that takes the last member away.
pub(super) async fn enqueue(conn: &mut Conn, artist: ArtistId) -> Result<()> {
    jobs::new(DeleteArtist { artist }).key(format!("delete_artist:{artist}")).priority(10).enqueue(conn).await?;
    Ok(())
}

/// One release after the other, each in a transaction of its own, and the artist last. May run twice.
pub(crate) async fn run(platform: Platform, job: DeleteArtist, run: Run) -> Result<(), Failure> {
    while remove_next(&platform, job.artist, &run).await? {}
    Ok(())
}

/// False once the artist itself is gone, or has a member again.
async fn remove_next(platform: &Platform, artist: ArtistId, run: &Run) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            // Whoever writes sales may take long, and needs the artist: nobody waits for the turn with the artist held.
            statements::take_turn(conn, artist).await?;
            if !membership::lock_deserted(conn, artist).await? {
                return Ok(false);
            }
            if let Some(release) = OwnRelease::lock_any_of(conn, artist).await? {
                delete_release::remove_with_all(conn, &release).await?;
                return Ok(true);
            }
            if statements::remove_next(conn, artist).await? {
                return Ok(true);
            }
            let pictures = Picture::keys_of_artist(conn, artist).await?;
            discard::enqueue(conn, pictures).await?;
            membership::delete_artist(conn, artist).await?;
            outbox::record(conn, &Event::ArtistChanged { artist }).await?;
            Ok(false)
        })
        .await
}
