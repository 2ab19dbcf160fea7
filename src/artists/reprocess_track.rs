//! Process a track once more: one that was rejected or stopped, or one that can be played and shall be made anew.

use actix_web::post;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ingest::{Manner, restart};
use super::own_track::OwnTrack;
use super::stage::Step;
use super::track::Track;
use super::{quarantine, show_track};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Accepted, Id, Json};
use crate::platform::id::{AccountId, TrackId};

/// What to do once more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reprocessing {
    /// The step to begin with; where absent, the one that failed or was stopped, or else the first one. What is before it
    /// and was never done comes first all the same.
    #[serde(default)]
    from: Option<Step>,
}

/// Process a track once more. One that can be played stays so, and gets its new renditions all at once; what has not
/// changed is not made again.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path)), request_body = Reprocessing, responses(
    (status = 202, body = Track), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/tracks/{id}/reprocessing")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<TrackId>,
    Json(again): Json<Reprocessing>,
) -> Result<Accepted<Track>> {
    reprocess(&platform.db, id, identity.account, again.from).await?;
    show_track::show(&platform.db, id, Some(identity.account)).await.map(Accepted)
}

async fn reprocess(db: &Db, id: TrackId, member: AccountId, from: Option<Step>) -> Result<()> {
    db.transaction(async |conn| {
        // The job before the track, as everybody who holds both does.
        quarantine::cancel(conn, id).await?;
        let track = OwnTrack::lock_mine(conn, id, member).await?;
        if !restart(conn, &track, Manner { from, in_background: false }).await? {
            return Err(Error::Refused(Code::TrackStillProcessing));
        }
        Ok(())
    })
    .await
}
