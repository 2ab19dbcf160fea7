//! Legato's engine for sound: bytes in, bytes out.
//!
//! Pure and blocking: no async runtime, no paths, no global state. It reads from anything that is
//! `Read + Seek`, writes into anything that is `Write`, and takes nothing in a file at its word.
//!
//! ```text
//!            Decoder                        one pass                          renditions
//! source ─▶ container ─▶ codec ─▶ gapless ─┬─▶ loudness   (original channels)
//!           probe, tags          window    ├─▶ waveform   (three resolutions)
//!                                          ├─▶ quality    (original channels)
//!                                          ├─▶ decimate ─▶ fingerprint, tempo, key   (mono, 11,025 Hz)
//!                                          └─▶ downmix ─▶ limiter ─┬─▶ FLAC, MP3, AAC
//!                                                                └─▶ 48 kHz ─▶ Opus ─▶ Ogg, CMAF
//! ```
//!
//! - [`probe()`] reads the headers and the first packet: what is it, and may it come in?
//! - [`Decoder`] gives the samples of any supported source, its silence from encoders trimmed.
//! - [`render()`] makes everything that listeners need in one decode pass, with one encode for each [`Rung`].
//! - [`stream()`] makes one rung from any position, without measuring, for whoever listens at once.
//! - [`FlacEncoder`] and [`Mp3Encoder`] write files to take along; [`FlacFrames`] also serve other containers.
//!
//! What is wrong with a file is a [`Rejection`], told to the artist; what is wrong with the machine
//! is an I/O error. Both are a [`Failure`].

#![forbid(unsafe_code)]

/// The version of what this engine makes. Raised by whoever changes what comes out for the same file (renditions or
/// analysis), so that servers know which tracks an earlier engine made.
pub const ENGINE_VERSION: u32 = 4;

mod aac;
mod aac_encoder;
mod analyse;
mod cmaf;
mod crew;
mod decimate;
mod decode;
mod downmix;
#[cfg(test)]
mod drums;
mod failure;
mod fingerprint;
mod flac;
mod gapless;
mod headers;
mod isobmff;
mod key;
mod labels;
mod layout;
mod limiter;
mod limits;
mod loudness;
mod m4a;
mod matroska;
mod mp3;
mod ogg;
mod on_the_fly;
mod opus;
mod opus_decoder;
mod output;
mod packets;
mod probe;
mod quality;
mod render;
mod resample;
mod rung;
mod source;
mod spectra;
mod tags;
mod tempo;
mod transcode;
mod vorbis_comment;
mod warning;
mod waveform;

pub use aac_encoder::ENCODES_AAC;
pub use analyse::Analysis;
pub use cmaf::{CmafRendition, MediaRange, Segment};
pub use crew::SpareThread;
pub use decode::Decoder;
pub use failure::{Failure, Rejection};
pub use fingerprint::{Fingerprint, Match, align, fingerprint, fingerprint_keys};
pub use flac::{FlacBits, FlacEncoder, FlacFile, FlacFormat, FlacFrame, FlacFrames, FlacRendition, FlacStreamInfo};
pub use key::{Key, Mode, PitchClass};
pub use labels::{Cover, Covers, FrontCover, Labels};
pub use limits::Limits;
pub use loudness::{Loudness, LoudnessHistogram, loudness};
pub use mp3::{Mp3Encoder, Mp3Format, Mp3Quality, Mp3Rendition};
pub use on_the_fly::{Form, Streamed, Wish, stream};
pub use opus::OPUS_COMPLEXITY;
pub use output::{Output, Rendition, Sink};
pub use probe::{Codec, Container, Probe, probe, probe_with_cover};
pub use quality::{Finding, Inspection, Quality, Severity, findings, inspect};
pub use render::{Plan, Progress, Rendered, render};
pub use rung::Rung;
pub use tags::{EmbeddedCover, LyricLine, Lyrics, MusicBrainzIds, ReplayGain, Tags};
pub use tempo::Tempo;
pub use warning::Warning;
pub use waveform::{Waveform, WaveformLevel};
