//! The playable forms of a track.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
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
    }
}

/// Where the segments of a CMAF rendition lie in its one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentIndex {
    /// The init segment is the object's first bytes.
    pub(crate) init_bytes: u64,
    pub(crate) timescale_hz: u32,
    pub(crate) segments: Vec<Segment>,
}

impl SegmentIndex {
    /// The bit rate of the segment that has the most, as RFC 8216 §4.3.4.2 wants `BANDWIDTH`: what lies at the end, and
    /// is shorter than half of the longest, need not be fetched in time and counts with what is before it.
    pub(crate) fn peak_bps(&self) -> u64 {
        let longest = self.segments.iter().map(|segment| segment.duration).max().unwrap_or(0);
        let bits = |segment: &Segment| u128::from(segment.size) * 8 * u128::from(self.timescale_hz);
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
}

impl Rendition {
    /// Sets a track's renditions: what was there before gives way.
    pub(super) async fn replace_all(conn: &mut Conn, track: TrackId, new: &[Self]) -> Result<()> {
        diesel::delete(renditions::table.filter(renditions::track_id.eq(track))).execute(conn).await?;
        diesel::insert_into(renditions::table).values(new).execute(conn).await?;
        Ok(())
    }

    pub(super) async fn list_of(conn: &mut Conn, tracks: &[TrackId]) -> Result<Vec<Self>> {
        let list = renditions::table
            .filter(renditions::track_id.eq_any(tracks))
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
