//! A track, as players and lists of what was played show it.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::artists::{self, Artwork, ShownTrack};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, ReleaseId, TrackId};

/// The track, as a player shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PlayedTrack {
    id: TrackId,
    title: String,
    artist: PlayedArtist,
    release: PlayedRelease,
    /// The release's; null where it has none.
    artwork: Option<Artwork>,
    duration_ms: i64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PlayedArtist {
    id: ArtistId,
    slug: String,
    name: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PlayedRelease {
    id: ReleaseId,
    title: String,
}

impl From<ShownTrack> for PlayedTrack {
    fn from(track: ShownTrack) -> Self {
        Self {
            id: track.id,
            title: track.title,
            artist: PlayedArtist { id: track.artist_id, slug: track.artist_slug, name: track.artist_name },
            release: PlayedRelease { id: track.release_id, title: track.release_title },
            artwork: track.artwork,
            duration_ms: track.duration_ms,
        }
    }
}

impl PlayedTrack {
    pub(super) fn duration_ms(&self) -> i64 {
        self.duration_ms
    }
}

/// Those of the tracks that a listener may hear, by their ids.
pub(super) async fn heard_by(
    conn: &mut Conn,
    listener: impl Into<Option<AccountId>>,
    ids: impl IntoIterator<Item = TrackId>,
) -> Result<HashMap<TrackId, PlayedTrack>> {
    let mut ids: Vec<TrackId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let shown = artists::shown_tracks(conn, &ids, listener.into()).await?;
    Ok(shown.into_iter().map(|track| (track.id, track.into())).collect())
}
