//! List what an account plays now.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::stream::Stream;
use crate::accounts;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::Found;
use crate::platform::id::PlayId;
use crate::streaming::played_track::{PlayedTrack, heard_by};

/// What one of the account's devices plays.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedStream {
    /// The device: the id of its session, or of its API token.
    id: Uuid,
    /// What it is called; null where it is gone.
    device: Option<String>,
    /// Whether it is the one that asks.
    is_this: bool,
    play_id: PlayId,
    /// Null where the listener may hear it no longer.
    track: Option<PlayedTrack>,
    started_at: DateTime<Utc>,
}

/// What an account plays now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Streams {
    /// The one that plays the longest first.
    items: Vec<ListedStream>,
    /// On how many devices it may play at the same time; 0 where that is not limited.
    max_streams: u32,
}

/// What the account plays now, and on which devices. A device counts from `POST /plays` on until its player tells that it has
/// paused or ended; one that tells nothing counts until the track's end.
#[utoipa::path(tag = "plays", responses((status = 200, body = Streams), (status = 401, body = Problem)))]
#[get("/me/streams")]
pub(in crate::streaming) async fn get(platform: Data<Platform>, identity: Identity<Read>) -> Result<Found<Streams>> {
    list(&platform, &identity).await.map(Found)
}

async fn list(platform: &Platform, identity: &Identity<Read>) -> Result<Streams> {
    let mut conn = platform.db.conn().await?;
    let streams = Stream::list(&mut conn, identity.account, None, platform.clock.now()).await?;
    let ids: Vec<Uuid> = streams.iter().map(|stream| stream.credential_id).collect();
    let mut devices = accounts::devices(&mut conn, identity.account, &ids).await?;
    let tracks = heard_by(
        &mut conn,
        identity.account,
        streams.iter().map(|stream| stream.heard_track_id.unwrap_or(stream.track_id)),
    )
    .await?;
    let items = streams.into_iter().map(|stream| ListedStream {
        id: stream.credential_id,
        device: devices.remove(&stream.credential_id),
        is_this: stream.credential_id == identity.credential.uuid(),
        play_id: stream.play_id,
        track: tracks.get(&stream.heard_track_id.unwrap_or(stream.track_id)).cloned(),
        started_at: stream.started_at,
    });
    Ok(Streams { items: items.collect(), max_streams: platform.config.streams_per_account })
}
