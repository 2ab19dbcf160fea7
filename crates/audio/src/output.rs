//! What [`render`](crate::render()) is to make, and what it made.

use crate::cmaf::CmafRendition;
use crate::rung::Rung;
use serde::{Deserialize, Serialize};
use std::io::{Seek, Write};

/// What takes a file: it is written from its start, and sought when a header is completed at the end.
pub trait Sink: Write + Seek + Send {}

impl<T: Write + Seek + Send> Sink for T {}

/// One rung of the ladder, and where it goes.
pub struct Output {
    /// What to make.
    pub rung: Rung,
    /// Takes the whole file.
    pub whole: Box<dyn Sink>,
    /// Takes the init segment and what belongs to the media segments; `None`: none are wanted. A rung without
    /// segments leaves it empty.
    pub segments: Option<Box<dyn Sink>>,
}

/// One rung that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendition {
    /// What was asked for.
    pub rung: Rung,
    /// Bytes of the whole file.
    pub size: u64,
    /// Frames per second.
    pub sample_rate_hz: u32,
    /// Samples in a frame.
    pub channels: u16,
    /// Of a lossless one: 16 or 24.
    pub bits_per_sample: Option<u32>,
    /// Frames of music, at its own rate.
    pub frames: u64,
    /// The segments.
    pub cmaf: Option<CmafRendition>,
}

impl Rendition {
    /// Bytes of the segments that are stored in the whole file.
    pub fn media_bytes(&self) -> u64 {
        let segments = self.cmaf.iter().flat_map(|cmaf| &cmaf.segments);
        segments.filter_map(|segment| segment.media).map(|media| media.size).sum()
    }
}
