//! Edit many tracks of a release at once: all of it, or nothing.

use actix_web::patch;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::change::By;
use super::edit_track;
use super::track_details::TrackChanges;
use crate::artists::own_track::OwnTrack;
use crate::artists::release::{OwnRelease, Release};
use crate::artists::show_release;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Editable, Id, IfMatch, IfMatchHeader, Json};
use crate::platform::id::{AccountId, ReleaseId, TrackId};

/// As many as a release can have.
const MAX: usize = 200;

/// Changes of tracks of one release.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TracksChanges {
    /// Each track once. Places are given out from the lowest to the highest, so that all of them are a new order.
    #[schema(min_items = 1, max_items = 200)]
    tracks: Vec<OneTrack>,
}

/// A track, and what of it changes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneTrack {
    id: TrackId,
    changes: TrackChanges,
}

/// Change many tracks of a release in one step. The condition, if there is one, is about the release.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path), IfMatchHeader), request_body = TracksChanges, responses(
    (status = 200, body = Release, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
#[patch("/releases/{id}/tracks")]
pub(super) async fn patch(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<ReleaseId>,
    if_match: IfMatch,
    Json(changes): Json<TracksChanges>,
) -> Result<Editable<Release>> {
    edit(&platform.db, id, identity.account, &changes, &if_match).await?;
    show_release::show(&platform.db, id, Some(identity.account)).await.map(Editable)
}

async fn edit(db: &Db, id: ReleaseId, member: AccountId, changes: &TracksChanges, if_match: &IfMatch) -> Result<()> {
    let order = changes.order()?;
    db.transaction(async |conn| {
        OwnRelease::lock(conn, id, member).await?;
        show_release::require(conn, id, member, if_match).await?;
        for place in &order {
            let track = &changes.tracks[*place];
            apply(conn, id, member, track).await.map_err(|error| at(*place, error))?;
        }
        Ok(())
    })
    .await
}

async fn apply(conn: &mut Conn, release: ReleaseId, member: AccountId, one: &OneTrack) -> Result<()> {
    let track = match OwnTrack::lock_mine(conn, one.id, member).await {
        Ok(track) if track.release == release => track,
        Ok(_) | Err(Error::NotFound(_)) => return Err(Error::invalid("id", "This release has no such track.")),
        Err(error) => return Err(error),
    };
    edit_track::apply(conn, &track, &one.changes, By { account: member, takes_back: None }).await.map(drop)
}

impl TracksChanges {
    /// The order in which they are applied: what says no place first, then from the lowest place to the highest.
    fn order(&self) -> Result<Vec<usize>> {
        if !(1..=MAX).contains(&self.tracks.len()) {
            return Err(Error::invalid("tracks", "Change 1 to 200 tracks at once."));
        }
        let mut ids: Vec<TrackId> = self.tracks.iter().map(|track| track.id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|two| two[0] == two[1]) {
            return Err(Error::invalid("tracks", "Name each track once."));
        }
        let mut order: Vec<usize> = (0..self.tracks.len()).collect();
        order.sort_by_key(|place| self.tracks[*place].changes.position);
        Ok(order)
    }
}

// The field at fault, with the place of its track in the request.
fn at(place: usize, error: Error) -> Error {
    match error {
        Error::Invalid { field, problem } if field == "id" => Error::invalid(format!("tracks[{place}].id"), problem),
        Error::Invalid { field, problem } => Error::invalid(format!("tracks[{place}].changes.{field}"), problem),
        error => error,
    }
}
