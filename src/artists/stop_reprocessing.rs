//! Stop a track's chain, and keep the track.

use actix_web::delete;
use actix_web::web::Data;

use super::chain::Chain;
use super::ingest;
use super::own_track::OwnTrack;
use super::replacing;
use super::stage::StageRow;
use super::track::TrackState;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, NoContent};
use crate::platform::id::{AccountId, TrackId};

/// Stop a track's chain wherever it is. A track that could be played plays on with what it has; any other one is
/// `cancelled`, and may be processed later. Where no chain is under way nothing happens.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/tracks/{id}/reprocessing")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<TrackId>,
) -> Result<NoContent> {
    stop(&platform.db, id, identity.account).await.map(|()| NoContent)
}

async fn stop(db: &Db, id: TrackId, member: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        // The job before the track, as everybody who holds both does.
        ingest::cancel(conn, id).await?;
        let track = OwnTrack::lock_mine(conn, id, member).await?;
        if Chain::end(conn, id).await?.is_none() {
            return Ok(());
        }
        StageRow::cancel_open(conn, id).await?;
        replacing::give_up(conn, id).await?;
        let state = if track.state == TrackState::Processing { TrackState::Cancelled } else { track.state };
        track.turn(conn, state).await?;
        ingest::progress::tell_stopped(conn, &track, state).await
    })
    .await
}
