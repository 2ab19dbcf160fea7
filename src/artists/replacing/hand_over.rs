//! Hand a track's file over to another track of its release, whose audio it is meant to be.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Replacement;
use super::replace_audio::put_in_place;
use crate::artists::own_track::OwnTrack;
use crate::artists::release::OwnRelease;
use crate::artists::track::{Track, TrackState};
use crate::artists::upload_track::Upload;
use crate::artists::{delete_track, ingest, show_track};
use crate::platform::Platform;
use crate::platform::auth::{self, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Id, IfMatch, IfMatchHeader, Json};
use crate::platform::id::{AccountId, TrackId};

/// Whose audio a file is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Handover {
    /// Another track of the same release.
    to: TrackId,
}

/// Let a track's file take the place of another track's audio. That one keeps its id, its place, what is said of it and its
/// plays, as if the file had been uploaded for it; the track that the file came with is gone. The condition, if there is one,
/// is about the track that gets the file.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path), IfMatchHeader), request_body = Handover, responses(
    (status = 202, body = Track), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 412, body = Problem), (status = 422, body = Problem)))]
#[post("/tracks/{id}/handover")]
pub(in crate::artists) async fn post(
    platform: Data<Platform>,
    identity: Identity<auth::Upload>,
    Id(id): Id<TrackId>,
    if_match: IfMatch,
    Json(handover): Json<Handover>,
) -> Result<HttpResponse> {
    hand_over(&platform, id, handover.to, identity.account, &if_match).await?;
    Ok(HttpResponse::Accepted().json(show_track::show(&platform.db, handover.to, Some(identity.account)).await?))
}

async fn hand_over(
    platform: &Platform,
    from: TrackId,
    to: TrackId,
    member: AccountId,
    if_match: &IfMatch,
) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            let track = OwnTrack::find_mine(conn, from, member).await?.ok_or(Error::NotFound("track"))?;
            // In the order of everybody who holds them: the release, the jobs, the tracks.
            let release = OwnRelease::lock(conn, track.release, member).await?;
            require_sibling(conn, &track, to, member).await?;
            ingest::cancel(conn, from).await?;
            let upload = original(conn, from, member).await?;
            put_in_place(platform, conn, to, member, &upload, if_match).await?;
            delete_track::take_away(conn, &release, from, member).await
        })
        .await
}

async fn require_sibling(conn: &mut Conn, track: &OwnTrack, to: TrackId, member: AccountId) -> Result<()> {
    let other = OwnTrack::find_mine(conn, to, member).await?;
    let is_sibling = other.is_some_and(|other| other.release == track.release && other.id != track.id);
    if is_sibling { Ok(()) } else { Err(Error::invalid("to", "This release has no such other track.")) }
}

// What was rejected or taken down is nobody else's audio; what waits to be another file is not known to be any.
async fn original(conn: &mut Conn, from: TrackId, member: AccountId) -> Result<Upload> {
    let track = OwnTrack::lock_mine(conn, from, member).await?;
    if matches!(track.state, TrackState::Rejected | TrackState::TakenDown) {
        return Err(Error::Refused(Code::NothingToHandOver));
    }
    if Replacement::waits(conn, from).await? {
        return Err(Error::Refused(Code::TrackStillProcessing));
    }
    Ok(Upload::new(track.stored(conn).await?, track.filename))
}
