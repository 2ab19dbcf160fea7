//! The answer to a press of the button.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::artists::Playable;
use crate::platform::grant::Grant;
use crate::platform::id::PlayId;
use crate::streaming::decide::{Ceiling, Choice, ChoiceReason, Decision, Form, How};
use crate::streaming::played_track::PlayedTrack;
use crate::streaming::preview::{self, Preview};

/// A granted play. Its URLs are relative to the server and expire.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantedPlay {
    id: PlayId,
    track: PlayedTrack,
    /// A whole file.
    stream: Option<Stream>,
    /// Segments (RFC 8216).
    hls: Option<SegmentedStream>,
    /// The same segments under a DASH manifest (ISO/IEC 23009-1); null for a preview.
    dash: Option<SegmentedStream>,
    /// What is heard of the track, where that is not all of it; null where it is.
    preview: Option<Preview>,
    expires_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stream {
    url: String,
    mime: String,
    /// On average.
    bitrate_bps: i32,
    /// Whether it takes ranges; what is made on the fly begins where `?start_ms=` says.
    seekable: bool,
    /// What a player adds to reach the common loudness of −14 LUFS.
    gain_db: f64,
    how: How,
    why: Vec<ChoiceReason>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentedStream {
    /// A player chooses among all renditions that cost no more than they may.
    url: String,
    gain_db: f64,
    how: How,
    why: Vec<ChoiceReason>,
}

/// What was decided, and what it takes to answer.
pub(super) struct Decided<'a> {
    pub(super) track: &'a Playable,
    pub(super) decision: &'a Decision<'a>,
    pub(super) gain_db: f64,
    pub(super) ceiling: Option<Ceiling>,
    pub(super) grant: Grant,
}

impl Decided<'_> {
    /// With the grant as a path segment.
    pub(super) fn answer(&self, grant: &str) -> GrantedPlay {
        let Decided { track, decision, .. } = self;
        let most = self.ceiling.map(|ceiling| format!("?max_bitrate_bps={}", ceiling.bps)).unwrap_or_default();
        let segmented = |name: &str| {
            let Choice { how, why, .. } = decision.segments.as_ref()?;
            let url = format!("/api/v1/hls/{grant}/{}/{name}{most}", track.id);
            Some(SegmentedStream { url, gain_db: self.gain_db, how: *how, why: why.clone() })
        };
        let hls = segmented("master.m3u8");
        let dash = segmented("manifest.mpd").filter(|_| !self.grant.is_preview);
        GrantedPlay {
            id: self.grant.play,
            track: track.shown().into(),
            stream: decision.stream.as_ref().map(|choice| self.stream(grant, choice)),
            hls,
            dash,
            preview: self.grant.is_preview.then(|| preview::of(track)),
            expires_at: self.grant.expires_at,
        }
    }

    fn stream(&self, grant: &str, choice: &Choice<'_>) -> Stream {
        let (name, mime, bitrate_bps, seekable) = match &choice.form {
            Form::Made(made) => (made.name.clone(), made.mime.clone(), made.bitrate_bps, true),
            Form::Live { rung, mime, bitrate_bps } => {
                (format!("on-the-fly/{rung}"), (*mime).to_owned(), *bitrate_bps, false)
            }
        };
        let url = format!("/api/v1/audio/{grant}/{name}");
        Stream { url, mime, bitrate_bps, seekable, gain_db: self.gain_db, how: choice.how, why: choice.why.clone() }
    }
}
