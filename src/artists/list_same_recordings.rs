//! List where else a track's recording is.

use std::collections::{HashMap, HashSet};

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::artist::ArtistLink;
use super::public::visible;
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
    pub(super) track_id: TrackId,
    pub(super) title: String,
    artist: ArtistLink,
    pub(super) release: ReleaseLink,
    /// Where this track begins in the other one; negative where the other one begins later.
    offset_ms: i64,
    /// How much of them was compared.
    overlap_ms: i64,
    /// 1 is the same to the bit, a half is chance.
    similarity: f32,
    /// Whether the member acts for its artist.
    #[serde(skip)]
    pub(super) mine: bool,
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
    Ok(SameRecordings { items: find(conn, id, member).await? })
}

/// Where else the recording of a member's own track is; nowhere before it is analysed.
pub(super) async fn find(conn: &mut Conn, id: TrackId, member: AccountId) -> Result<Vec<SameRecording>> {
    Ok(find_all(conn, &[id], member).await?.remove(&id).unwrap_or_default())
}

/// The same of many tracks, by as many queries as of one.
pub(super) async fn find_all(
    conn: &mut Conn,
    ids: &[TrackId],
    member: AccountId,
) -> Result<HashMap<TrackId, Vec<SameRecording>>> {
    let found = recording::same(conn, ids).await?;
    let others: HashSet<TrackId> = found.iter().map(|(_, same)| same.track).collect();
    // What may be seen is decided where it always is.
    let others = Track::find_all(conn, &others.into_iter().collect::<Vec<_>>(), Some(member)).await?;
    let ids: Vec<Uuid> = others.iter().map(|track| track.id.uuid()).collect();
    let public: HashSet<Uuid> = visible(conn, &[], &[], &ids).await?.into_iter().map(|track| track.id).collect();
    // What has to be known by its address is not told here.
    let listed = others.into_iter().filter(|track| track.mine || public.contains(&track.id.uuid()));
    let listed: HashMap<TrackId, Track> = listed.map(|track| (track.id, track)).collect();
    let mut items: HashMap<TrackId, Vec<SameRecording>> = HashMap::new();
    for (of, same) in found {
        if let Some(track) = listed.get(&same.track) {
            items.entry(of).or_default().push(SameRecording::new(track, &same));
        }
    }
    Ok(items)
}

impl SameRecording {
    fn new(track: &Track, same: &recording::SameRecording) -> Self {
        let ms = |items: f64| (items / ITEMS_PER_SECOND * 1000.0).round() as i64;
        Self {
            track_id: track.id,
            title: track.title.clone(),
            artist: track.artist.clone(),
            release: track.release.clone(),
            offset_ms: ms(same.found.offset_items as f64),
            overlap_ms: ms(same.found.overlap as f64),
            similarity: 1.0 - same.found.bit_error_rate,
            mine: track.mine,
        }
    }
}
