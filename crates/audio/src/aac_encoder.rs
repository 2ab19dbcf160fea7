//! AAC-LC (ISO/IEC 14496-3) by Fraunhofer's FDK, in programs that are built with the feature `fdk-aac` alone (ADR 60).
//!
//! The bindings (`fdk-aac`) are under MIT. The library inside them is under the "Software License for The Fraunhofer FDK AAC
//! Codec Library for Android": it may be redistributed with its source and its text, and it grants no patents, which
//! whoever builds and runs a program with it has to see to.

#[cfg(feature = "fdk-aac")]
mod fdk;
#[cfg(feature = "fdk-aac")]
pub(crate) use fdk::AacEncoder;

#[cfg(not(feature = "fdk-aac"))]
mod without;
#[cfg(not(feature = "fdk-aac"))]
pub(crate) use without::AacEncoder;

/// Whether this program encodes AAC.
pub const ENCODES_AAC: bool = cfg!(feature = "fdk-aac");

/// Frames in a packet.
pub(crate) const AAC_FRAMES: usize = 1024;

/// What an AAC stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AacFormat {
    /// 1 or 2.
    pub(crate) channels: usize,
    /// One of [`has_rate`].
    pub(crate) rate_hz: u32,
    pub(crate) bitrate_bps: u32,
}

/// The rates that it is encoded at. What has more is converted first: players seldom have AAC above 48 kHz.
pub(crate) fn has_rate(rate_hz: u32) -> bool {
    matches!(rate_hz, 32_000 | 44_100 | 48_000)
}
