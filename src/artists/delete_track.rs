//! Delete a track.

use actix_web::delete;
use actix_web::web::Data;

use super::ingest;
use super::own_track::OwnTrack;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, TrackId};
use crate::platform::outbox;

/// Delete a track; its chain, if it runs, is stopped.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/tracks/{id}")]
pub(super) async fn delete(platform: Data<Platform>, identity: Identity, Id(id): Id<TrackId>) -> Result<NoContent> {
    remove(&platform.db, id, identity.account).await.map(|()| NoContent)
}

async fn remove(db: &Db, id: TrackId, member: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        if !OwnTrack::is_mine(conn, id, member).await? {
            return Err(Error::NotFound("track"));
        }
        // The jobs before the track, as the chain does.
        ingest::cancel(conn, id).await?;
        let track = OwnTrack::lock_mine(conn, id, member).await?;
        track.delete(conn).await?;
        ingest::progress::tell_deleted(conn, &track).await?;
        outbox::record(conn, &Event::TrackChanged { track: id, release: track.release }).await
    })
    .await
}
