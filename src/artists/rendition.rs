//! The playable forms of a track.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use legato_audio::Rung;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::schema::renditions;
use crate::platform::db::{Conn, named};
use crate::platform::error::Result;
use crate::platform::id::{RenditionId, TrackId};

named! {
    /// A form that a track can be played in.
    pub(crate) enum RenditionKind {
        /// A whole Ogg Opus file (RFC 7845).
        OpusOgg = "opus_ogg",
        /// One fragmented MP4 of Opus, cut into CMAF segments (ISO/IEC 23000-19).
        OpusCmaf = "opus_cmaf",
        /// A whole AAC-LC file (ISO/IEC 14496-14).
        Aac = "aac",
        /// The heads of CMAF segments of AAC; their bodies are the packets of the whole file.
        AacCmaf = "aac_cmaf",
        /// A whole FLAC file (RFC 9639).
        Flac = "flac",
        /// The heads of CMAF segments of FLAC; their bodies are the frames of the whole file.
        FlacCmaf = "flac_cmaf",
        /// A whole MP3 file.
        Mp3 = "mp3",
    }
}

impl RenditionKind {
    /// The kinds that a rung of the ladder comes in: whole, and in segments.
    pub(super) fn of(rung: Rung) -> &'static [Self] {
        match rung {
            Rung::Opus { .. } => &[Self::OpusOgg, Self::OpusCmaf],
            Rung::Aac { .. } => &[Self::Aac, Self::AacCmaf],
            Rung::Flac16 | Rung::Flac => &[Self::Flac, Self::FlacCmaf],
            Rung::Mp3V0 | Rung::Mp3Cbr320 => &[Self::Mp3],
        }
    }

    /// What a rendition of this kind and rung is called: `opus_ogg_128`, `aac_256`, `flac`, `flac_cmaf_16`, `mp3_v0`.
    pub(super) fn name_of(self, rung: Rung) -> String {
        let rung = rung.to_string();
        match rung.split_once('_') {
            Some((_, detail)) => format!("{}_{detail}", self.name()),
            None => self.name().to_owned(),
        }
    }

    /// The media type with its codec (RFC 6381).
    pub(crate) fn mime(self) -> &'static str {
        match self {
            Self::OpusOgg => "audio/ogg; codecs=opus",
            Self::OpusCmaf => "audio/mp4; codecs=opus",
            Self::Aac | Self::AacCmaf => "audio/mp4; codecs=mp4a.40.2",
            Self::Flac => "audio/flac",
            Self::FlacCmaf => "audio/mp4; codecs=flac",
            Self::Mp3 => "audio/mpeg",
        }
    }

    /// As `CODECS` of HLS and `codecs` of DASH name it.
    pub(crate) fn codec(self) -> &'static str {
        match self {
            Self::OpusOgg | Self::OpusCmaf => "opus",
            Self::Aac | Self::AacCmaf => "mp4a.40.2",
            Self::Flac | Self::FlacCmaf => "fLaC",
            Self::Mp3 => "mp3",
        }
    }

    /// Whether what is heard is the original, bit by bit.
    pub(crate) fn is_lossless(self) -> bool {
        matches!(self, Self::Flac | Self::FlacCmaf)
    }
}

/// Where the segments of a CMAF rendition lie in its one object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentIndex {
    /// The init segment is the object's first bytes.
    pub(crate) init_bytes: u64,
    pub(crate) timescale_hz: u32,
    pub(crate) segments: Vec<Segment>,
    /// What a decoder drops at the start, in the timescale; 0 in what was made before this was noted.
    #[serde(default)]
    pub(crate) pre_skip: u64,
    /// Absent in what was made before this was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) channels: Option<u16>,
    /// The object that holds what the segments' own bytes are only the heads of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) media_key: Option<String>,
}

impl SegmentIndex {
    /// What is heard of it, in seconds.
    pub(crate) fn music_seconds(&self) -> f64 {
        let whole: u64 = self.segments.iter().map(|segment| segment.duration).sum();
        whole.saturating_sub(self.pre_skip) as f64 / f64::from(self.timescale_hz)
    }

    /// The bit rate of the segment that has the most, as RFC 8216 §4.3.4.2 wants `BANDWIDTH`: what lies at the end, and
    /// is shorter than half of the longest, need not be fetched in time and counts with what is before it.
    pub(crate) fn peak_bps(&self) -> u64 {
        let longest = self.segments.iter().map(|segment| segment.duration).max().unwrap_or(0);
        let bits = |segment: &Segment| u128::from(segment.whole_size()) * 8 * u128::from(self.timescale_hz);
        let whole = self.segments.iter().filter(|segment| segment.duration * 2 >= longest && segment.duration > 0);
        let rates = whole.map(|segment| bits(segment).div_ceil(u128::from(segment.duration)));
        rates.max().and_then(|rate| u64::try_from(rate).ok()).unwrap_or(0)
    }
}

/// A media segment: a byte range and its length in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Segment {
    pub(crate) offset: u64,
    pub(crate) size: u64,
    /// In the index' timescale.
    pub(crate) duration: u64,
    /// What follows those bytes, from the index' other object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) media: Option<MediaRange>,
}

/// Bytes of the object that an index names as its media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MediaRange {
    pub(crate) offset: u64,
    pub(crate) size: u64,
}

impl Segment {
    /// Bytes that a player fetches.
    pub(crate) fn whole_size(&self) -> u64 {
        self.size + self.media.map_or(0, |media| media.size)
    }
}

/// A rendition in a track.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RenditionSummary {
    /// What its addresses end in, such as `opus_ogg_128`.
    pub(crate) name: String,
    pub(crate) kind: RenditionKind,
    pub(crate) mime: String,
    pub(crate) bitrate_bps: i32,
    pub(crate) size_bytes: i64,
}

/// A row of `artists.renditions`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = renditions)]
pub(super) struct Rendition {
    pub(super) id: RenditionId,
    pub(super) track_id: TrackId,
    pub(super) kind: RenditionKind,
    pub(super) object_key: String,
    pub(super) mime: String,
    pub(super) bitrate_bps: i32,
    pub(super) size_bytes: i64,
    pub(super) segments: Option<Value>,
    pub(super) name: String,
    /// The hash of all that it was made of; null: to be made again.
    pub(super) recipe: Option<Vec<u8>>,
}

/// A rendition that others are offered in the stead of. Who was granted it before may still fetch it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Superseded {
    pub(super) rendition: Rendition,
    pub(super) superseded_at: DateTime<Utc>,
}

impl Rendition {
    /// Sets a track's renditions: those of the recipes `keep` stay, others give way to the new ones.
    pub(super) async fn replace(conn: &mut Conn, track: TrackId, keep: &[Vec<u8>], new: &[Self]) -> Result<()> {
        let current = renditions::table.filter(renditions::track_id.eq(track).and(renditions::superseded_at.is_null()));
        let kept = renditions::recipe.eq_any(keep).assume_not_null();
        diesel::update(current.filter(renditions::recipe.is_null().or(diesel::dsl::not(kept))))
            .set(renditions::superseded_at.eq(diesel::dsl::now))
            .execute(conn)
            .await?;
        diesel::insert_into(renditions::table).values(new).execute(conn).await?;
        Ok(())
    }

    /// What of tracks was superseded, and may still be fetched: the oldest first.
    pub(super) async fn list_superseded(conn: &mut Conn, tracks: &[TrackId]) -> Result<Vec<Superseded>> {
        let list = renditions::table
            .filter(renditions::track_id.eq_any(tracks).and(renditions::superseded_at.is_not_null()))
            .order(renditions::superseded_at)
            .select((Self::as_select(), renditions::superseded_at.assume_not_null()));
        Ok(list.load(conn).await?)
    }

    /// A rendition that was superseded before `time`, locked; others that do the same pass it by.
    pub(super) async fn lock_superseded(conn: &mut Conn, time: DateTime<Utc>) -> Result<Option<Self>> {
        let oldest = renditions::table
            .filter(renditions::superseded_at.lt(time))
            .order(renditions::superseded_at)
            .select(Self::as_select());
        Ok(oldest.for_update().skip_locked().first(conn).await.optional()?)
    }

    pub(super) async fn delete(&self, conn: &mut Conn) -> Result<()> {
        diesel::delete(renditions::table.find(self.id)).execute(conn).await?;
        Ok(())
    }

    /// Forgets what the renditions in these objects were made of, so that they are made again; answers with their tracks.
    pub(super) async fn forget_recipes(conn: &mut Conn, objects: &[String]) -> Result<Vec<TrackId>> {
        let lost =
            renditions::table.filter(renditions::object_key.eq_any(objects).and(renditions::superseded_at.is_null()));
        let lost = diesel::update(lost).set(renditions::recipe.eq(None::<Vec<u8>>)).returning(renditions::track_id);
        let mut tracks: Vec<TrackId> = lost.get_results(conn).await?;
        tracks.sort_unstable();
        tracks.dedup();
        Ok(tracks)
    }

    /// The same of all that a track is offered in.
    pub(super) async fn forget_recipes_of(conn: &mut Conn, track: TrackId) -> Result<()> {
        let own = renditions::table.filter(renditions::track_id.eq(track).and(renditions::superseded_at.is_null()));
        diesel::update(own).set(renditions::recipe.eq(None::<Vec<u8>>)).execute(conn).await?;
        Ok(())
    }

    /// What tracks are offered in.
    pub(super) async fn list_of(conn: &mut Conn, tracks: &[TrackId]) -> Result<Vec<Self>> {
        let list = renditions::table
            .filter(renditions::track_id.eq_any(tracks).and(renditions::superseded_at.is_null()))
            .order((renditions::track_id, renditions::kind.desc(), renditions::bitrate_bps))
            .select(Self::as_select());
        Ok(list.load(conn).await?)
    }

    pub(super) fn segment_index(&self) -> Result<Option<SegmentIndex>> {
        let index = self.segments.clone().map(serde_json::from_value).transpose();
        Ok(index.map_err(anyhow::Error::from)?)
    }
}

impl From<&Rendition> for RenditionSummary {
    fn from(rendition: &Rendition) -> Self {
        Self {
            name: rendition.name.clone(),
            kind: rendition.kind,
            mime: rendition.mime.clone(),
            bitrate_bps: rendition.bitrate_bps,
            size_bytes: rendition.size_bytes,
        }
    }
}
