//! What the tags of a track's file say: offered to the artist, never trusted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::metadata::{ArtistMbid, RecordingMbid, ReleaseGroupMbid, ReleaseMbid, WorkMbid};

/// What the file's tags say. Never trusted, only offered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Suggestions {
    pub(crate) title: Option<String>,
    pub(crate) artist: Option<String>,
    pub(crate) album: Option<String>,
    pub(crate) album_artist: Option<String>,
    pub(crate) track_number: Option<u32>,
    pub(crate) track_total: Option<u32>,
    pub(crate) disc_number: Option<u32>,
    pub(crate) disc_total: Option<u32>,
    /// The recording's code after ISO 3901, without hyphens.
    pub(crate) isrc: Option<String>,
    /// `2026`, `2026-11` or `2026-11-28`.
    pub(crate) date: Option<String>,
    pub(crate) genre: Option<String>,
    /// What MusicBrainz calls the performer; of several the first.
    pub(crate) artist_mbid: Option<ArtistMbid>,
    /// What MusicBrainz calls the performer of the release; of several the first.
    pub(crate) album_artist_mbid: Option<ArtistMbid>,
    pub(crate) release_mbid: Option<ReleaseMbid>,
    pub(crate) release_group_mbid: Option<ReleaseGroupMbid>,
    pub(crate) recording_mbid: Option<RecordingMbid>,
    pub(crate) work_mbid: Option<WorkMbid>,
    pub(crate) replay_gain: Option<ReplayGain>,
    /// The type of the front cover that the file holds, by its first bytes: `image/jpeg` …
    pub(crate) cover_type: Option<String>,
}

/// What somebody measured before (`ReplayGain` 2.0, against −18 LUFS). Playback goes by the analysis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ReplayGain {
    pub(crate) track_gain_db: Option<f32>,
    /// 1 is full scale.
    pub(crate) track_peak: Option<f32>,
    pub(crate) album_gain_db: Option<f32>,
    pub(crate) album_peak: Option<f32>,
}

impl Suggestions {
    /// What tags say, and the type of the cover that is beside them.
    pub(super) fn of_tags(tags: &legato_audio::Tags, cover_type: Option<String>) -> Self {
        let (tags, ids) = (tags.clone(), &tags.musicbrainz);
        Self {
            title: tags.title,
            artist: tags.artist,
            album: tags.album,
            album_artist: tags.album_artist,
            track_number: tags.track_number,
            track_total: tags.track_total,
            disc_number: tags.disc_number,
            disc_total: tags.disc_total,
            isrc: tags.isrc,
            date: tags.date,
            genre: tags.genre,
            artist_mbid: ids.artist.as_deref().and_then(ArtistMbid::from_foreign),
            album_artist_mbid: ids.album_artist.as_deref().and_then(ArtistMbid::from_foreign),
            release_mbid: ids.release.as_deref().and_then(ReleaseMbid::from_foreign),
            release_group_mbid: ids.release_group.as_deref().and_then(ReleaseGroupMbid::from_foreign),
            recording_mbid: ids.recording.as_deref().and_then(RecordingMbid::from_foreign),
            work_mbid: ids.work.as_deref().and_then(WorkMbid::from_foreign),
            replay_gain: tags.replay_gain.map(ReplayGain::from),
            cover_type,
        }
    }
}

impl From<legato_audio::ReplayGain> for ReplayGain {
    fn from(gain: legato_audio::ReplayGain) -> Self {
        Self {
            track_gain_db: gain.track_gain_db,
            track_peak: gain.track_peak,
            album_gain_db: gain.album_gain_db,
            album_peak: gain.album_peak,
        }
    }
}
