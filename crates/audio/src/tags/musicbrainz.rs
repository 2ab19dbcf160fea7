use super::text;
use serde::{Deserialize, Serialize};
use symphonia::core::meta::{RawTag, RawValue, StandardTag};

/// Whose identifier the frame `UFID` of ID3 holds, when it is the recording's at MusicBrainz.
const OWNER: &str = "http://musicbrainz.org";

/// What MusicBrainz calls the music, as taggers write it: UUIDs in lower case with hyphens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MusicBrainzIds {
    /// The performer; of several the first.
    pub artist: Option<String>,
    /// The performer of the release; of several the first.
    pub album_artist: Option<String>,
    /// The edition of the release.
    pub release: Option<String>,
    /// The release in all of its editions.
    pub release_group: Option<String>,
    /// The recording. Taggers call it the track's, and the place on the release that of the "release track".
    pub recording: Option<String>,
    /// The composition.
    pub work: Option<String>,
}

impl MusicBrainzIds {
    /// The first tag that has a field gives it. What is no UUID says nothing.
    pub(super) fn add(&mut self, tag: &StandardTag) {
        let (field, value) = match tag {
            StandardTag::MusicBrainzArtistId(value) => (&mut self.artist, value),
            StandardTag::MusicBrainzAlbumArtistId(value) => (&mut self.album_artist, value),
            StandardTag::MusicBrainzAlbumId(value) => (&mut self.release, value),
            StandardTag::MusicBrainzReleaseGroupId(value) => (&mut self.release_group, value),
            StandardTag::MusicBrainzTrackId(value) | StandardTag::MusicBrainzRecordingId(value) => {
                (&mut self.recording, value)
            }
            StandardTag::MusicBrainzWorkId(value) => (&mut self.work, value),
            _ => return,
        };
        if field.is_none() {
            *field = text::uuid(value);
        }
    }

    /// `UFID`: symphonia hands it out as bytes that belong to somebody.
    pub(super) fn add_unique_id(&mut self, raw: &RawTag) {
        let is_theirs = raw.sub_fields.iter().flatten().any(|part| match &part.value {
            RawValue::String(owner) => part.field == "OWNER" && owner.trim_end_matches(['\0', '/']) == OWNER,
            _ => false,
        });
        if let (true, None, RawValue::Binary(id)) = (is_theirs, &self.recording, &raw.value) {
            self.recording = text::uuid(&String::from_utf8_lossy(id));
        }
    }

    /// Matroska has names of its own, with or without a level before them.
    pub(super) fn add_by_name(&mut self, name: &str, value: &str) {
        let field = match name {
            "MUSICBRAINZ_ARTISTID" => &mut self.artist,
            "MUSICBRAINZ_ALBUMARTISTID" => &mut self.album_artist,
            "MUSICBRAINZ_ALBUMID" => &mut self.release,
            "MUSICBRAINZ_RELEASEGROUPID" => &mut self.release_group,
            "MUSICBRAINZ_TRACKID" | "MUSICBRAINZ_RECORDINGID" => &mut self.recording,
            "MUSICBRAINZ_WORKID" => &mut self.work,
            _ => return,
        };
        if field.is_none() {
            *field = text::uuid(value);
        }
    }
}
