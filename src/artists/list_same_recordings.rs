//! List where else a track's recording is.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::artist::ArtistLink;
use super::recording;
use super::track::{ReleaseLink, Track};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id};
use crate::platform::id::{AccountId, TrackId};

/// Fingerprint items in a second (Chromaprint): 11,025 Hz over a step of 1,365 samples.
const ITEMS_PER_SECOND: f64 = 11_025.0 / 1_365.0;

/// Tracks with the same recording.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SameRecordings {
    /// The best match first; 20 at most.
    items: Vec<SameRecording>,
}

/// Another track with the same recording, or with a part of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SameRecording {
    track_id: TrackId,
    title: String,
    artist: ArtistLink,
    release: ReleaseLink,
    /// Where this track begins in the other one; negative where the other one begins later.
    offset_ms: i64,
    /// How much of them was compared.
    overlap_ms: i64,
    /// 1 is the same to the bit, a half is chance.
    similarity: f32,
}

/// Where else a track's recording is, in any encoding and at any volume: of what the member may see, published or their own.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path)), responses(
    (status = 200, body = SameRecordings), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/tracks/{id}/same-recordings")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Id(id): Id<TrackId>,
) -> Result<Found<SameRecordings>> {
    list(&mut *platform.db.conn().await?, id, identity.account).await.map(Found)
}

async fn list(conn: &mut Conn, id: TrackId, member: AccountId) -> Result<SameRecordings> {
    let track = Track::find(conn, id, Some(member)).await?;
    track.filter(|track| track.mine).ok_or(Error::NotFound("track"))?;
    let mut items = Vec::new();
    if let Some(sought) = recording::find(conn, id).await? {
        for same in recording::same(conn, sought, id).await? {
            // A look for each of a few, so that what may be seen is decided where it always is.
            if let Some(track) = Track::find(conn, same.track, Some(member)).await? {
                items.push(SameRecording::new(track, &same));
            }
        }
    }
    Ok(SameRecordings { items })
}

impl SameRecording {
    fn new(track: Track, same: &recording::SameRecording) -> Self {
        let ms = |items: f64| (items / ITEMS_PER_SECOND * 1000.0).round() as i64;
        Self {
            track_id: track.id,
            title: track.title,
            artist: track.artist,
            release: track.release,
            offset_ms: ms(same.found.offset_items as f64),
            overlap_ms: ms(same.found.overlap as f64),
            similarity: 1.0 - same.found.bit_error_rate,
        }
    }
}
