//! Watch a track's chain.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::json;

use super::ingest::progress::{DELETED, EVENT, PEOPLE_CHANGED, TrackProgress};
use super::stage::{StageState, Step};
use super::track::Track;
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Id;
use crate::platform::id::TrackId;
use crate::platform::live::{self, Message};

/// A track's chain as server-sent events named `track.progress`, until it is done; 204 when it is done already. It ends with
/// `people.changed` when somebody leaves the artist: whoever acts for it still, asks again.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path)), responses(
    (status = 200, body = TrackProgress, content_type = "text/event-stream"), (status = 204), (status = 404, body = Problem)))]
#[get("/tracks/{id}/progress")]
pub(super) async fn get(platform: Data<Platform>, viewer: Viewer, Id(id): Id<TrackId>) -> Result<HttpResponse> {
    // Subscribed before the track is read, so that nothing falls between.
    let mut channels = viewer.0.as_ref().map_or_else(Vec::new, live::end_channels);
    channels.push(format!("track:{id}"));
    let messages = platform.live.subscribe(&channels)?;
    let track = Track::find(&mut *platform.db.conn().await?, id, viewer.account()).await?;
    let track = track.filter(|track| track.mine).ok_or(Error::NotFound("track"))?;
    if !track.under_way {
        return Ok(HttpResponse::NoContent().finish());
    }
    Ok(live::respond(vec![now(&track)], messages, is_end))
}

fn now(track: &Track) -> Message {
    let current = track.stages.iter().find(|stage| stage.state != StageState::Done).or(track.stages.last());
    let progress = TrackProgress {
        track_id: track.id,
        state: track.state,
        under_way: track.under_way,
        stage: current.map_or(Step::Probe, |stage| stage.name),
        percent: current.and_then(|stage| u8::try_from(stage.percent).ok()).unwrap_or(0),
        attempt: current.map_or(0, |stage| stage.attempt),
        max_attempts: current.map_or(0, |stage| stage.max_attempts),
        problem: current.and_then(|stage| stage.problem.clone()),
        remaining_ms: track.stages.last().and_then(|stage| stage.remaining_ms),
    };
    Message { event: EVENT.to_owned(), id: None, data: json!(progress) }
}

fn is_end(message: &Message) -> bool {
    [DELETED, PEOPLE_CHANGED, live::SESSION_ENDED].contains(&message.event.as_str())
        || message.data["under_way"] != true
}
