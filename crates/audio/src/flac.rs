//! FLAC (RFC 9639), our own: the crates there are need `unsafe`, or several times libFLAC's CPU.
//!
//! ```text
//! samples ─▶ integers ─▶ block of 4,096 ─▶ left/right or mid/side ─▶ each: prediction ─▶ residual ─▶ Rice ─▶ frame
//!            dither                        what is cheaper                 linear or fixed
//! ```

mod bits;
mod file;
mod frames;
mod integers;
mod lpc;
mod residual;
mod rice;
mod seek_table;
mod stereo;
mod subframe;

pub(crate) use self::bits::crc8;
pub(crate) use self::file::forward_head;
pub use self::file::{FlacFile, FlacRendition};
pub use self::frames::{FlacFrame, FlacFrames, FlacStreamInfo};

use crate::labels::{Cover, Labels};
use std::io::{self, Seek, Write};

/// What a FLAC stream holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlacFormat {
    /// 1 to 8. Three and more are in the order of RFC 9639 §9.1.3, which is that of WAV.
    pub channels: u16,
    /// 1 to 655,350 frames per second; above 65,535 a multiple of 10.
    pub rate_hz: u32,
    /// Of the encoded samples.
    pub bits: FlacBits,
    /// Of the source's samples, `None` if it was lossy or held floats. What has more than `bits` is dithered.
    pub source_bits: Option<u32>,
}

/// Bits of an encoded sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlacBits {
    /// As on a CD.
    Sixteen,
    /// As in a studio: all that a 32-bit float can hold.
    TwentyFour,
}

impl FlacBits {
    /// 16 or 24.
    pub fn count(self) -> u32 {
        match self {
            Self::Sixteen => 16,
            Self::TwentyFour => 24,
        }
    }
}

/// Interleaved samples in, a whole FLAC file out: [`FlacFrames`] and [`FlacFile`] in one.
///
/// Whoever wants the frames for another container too (`fLaC` in MP4) takes those two apart.
pub struct FlacEncoder<W> {
    frames: FlacFrames,
    file: FlacFile<W>,
}

impl<W: Write + Seek> FlacEncoder<W> {
    /// Writes the headers. `output` is empty; it is sought at the end, when length and checksum are known.
    ///
    /// # Errors
    /// If `output` fails; `InvalidInput` for a format that FLAC cannot hold or a cover that is too large.
    pub fn new(output: W, format: FlacFormat, labels: &Labels, cover: Option<Cover<'_>>) -> io::Result<Self> {
        let frames = FlacFrames::new(format)?;
        let file = FlacFile::new(output, &frames.stream_info(), labels, cover)?;
        Ok(Self { frames, file })
    }

    /// `samples` are whole frames, interleaved; ±1.0 is full scale, and what is above is cut off.
    ///
    /// # Errors
    /// If the output fails.
    pub fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let Self { frames, file } = self;
        frames.push(samples, &mut |frame| file.push(&frame))
    }

    /// Writes what is left, and completes the headers.
    ///
    /// # Errors
    /// If the output fails.
    pub fn finish(self) -> io::Result<FlacRendition> {
        let Self { frames, mut file } = self;
        let info = frames.finish(&mut |frame| file.push(&frame))?;
        file.finish(&info)
    }
}
