//! MP3 by LAME 3.100, through the safe bindings of `mp3lame-encoder`.
//!
//! LAME is under the LGPL (version 2 or later), and the bindings are under its version 3. Linking them statically
//! into a program under another licence is allowed as long as whoever gets the program can put a changed LAME into
//! it (LGPL-3.0 §4). So a distributor of binaries says that LAME is in them and under which licence, includes the
//! licence's text, and gives or offers LAME's source and all that is needed to link again; for a program whose whole
//! source is public, that source does. The patents on MP3 have expired.

mod delay;
mod id3;

pub(crate) use delay::{DelayHeader, FRAMES as MPEG_FRAMES};
pub(crate) use id3::tag as id3_tag;

use crate::labels::{Cover, Labels};
use mp3lame_encoder::{Bitrate, Builder, Encoder, FlushGap, InterleavedPcm, Mode, MonoPcm, Quality, VbrMode};
use serde::{Deserialize, Serialize};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::num::NonZeroU32;

/// What an MP3 file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mp3Format {
    /// 1 or 2.
    pub channels: u16,
    /// 32,000, 44,100 or 48,000 frames per second, the rates of MPEG-1 (ISO/IEC 11172-3). Others are converted first.
    pub rate_hz: u32,
    /// How large it may become.
    pub quality: Mp3Quality,
}

/// The two settings that people ask for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mp3Quality {
    /// 320 kbit/s throughout, the most that the format has.
    Cbr320,
    /// `-V 0`: the best variable bit rate, about 245 kbit/s in stereo.
    V0,
}

/// A whole MP3 file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mp3Rendition {
    /// Bytes in the file.
    pub size: u64,
    /// Samples of each channel that a gapless player gives back.
    pub frames: u64,
}

/// Interleaved samples in, an MP3 file out: an ID3v2.4 tag, LAME's header with delay and padding, the frames.
///
/// Deterministic, in constant memory.
pub struct Mp3Encoder<W> {
    out: W,
    frames: Mp3Frames,
    /// Where LAME's header stands in `out`.
    header_at: u64,
    start: u64,
    end: u64,
}

impl<W: Write + Seek> Mp3Encoder<W> {
    /// Writes the tag. `out` is sought at the end, when the length is known.
    ///
    /// # Errors
    /// If `out` fails; `InvalidInput` for a format that there is not, or a cover that is too large.
    pub fn new(mut out: W, format: Mp3Format, labels: &Labels, cover: Option<Cover<'_>>) -> io::Result<Self> {
        let frames = Mp3Frames::new(format)?;
        let start = out.stream_position()?;
        let tag = id3::tag(labels, cover)?;
        out.write_all(&tag)?;
        let header_at = start + tag.len() as u64;
        Ok(Self { out, frames, header_at, start, end: header_at })
    }

    /// `samples` are whole frames, interleaved; ±1.0 is full scale, and what is above is cut off.
    ///
    /// # Errors
    /// If the output fails.
    pub fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let Self { out, frames, end, .. } = self;
        frames.push(samples, &mut |bytes| write(out, end, bytes))
    }

    /// Writes what is left, and LAME's header.
    ///
    /// # Errors
    /// If the output fails.
    pub fn finish(self) -> io::Result<Mp3Rendition> {
        let Self { mut out, mut frames, header_at, start, mut end } = self;
        frames.finish(&mut |bytes| write(&mut out, &mut end, bytes))?;
        if let Some(header) = frames.header() {
            out.seek(SeekFrom::Start(header_at))?;
            out.write_all(header)?;
            out.seek(SeekFrom::Start(end))?;
        }
        out.flush()?;
        Ok(Mp3Rendition { size: end - start, frames: frames.count })
    }
}

fn write(out: &mut impl Write, end: &mut u64, bytes: &[u8]) -> io::Result<()> {
    *end += bytes.len() as u64;
    out.write_all(bytes)
}

/// Interleaved samples in, MPEG frames out. The first one holds nothing: it is room for LAME's header.
pub(crate) struct Mp3Frames {
    lame: Encoder,
    channels: usize,
    /// Frames that went in.
    count: u64,
    /// Not above full scale.
    block: Vec<f32>,
    bytes: Vec<u8>,
}

type Take<'a> = dyn FnMut(&[u8]) -> io::Result<()> + 'a;

/// Frames that LAME gets at once.
const BLOCK: usize = 8 * 1_152;
/// What LAME may write for a block by its documentation. It takes a buffer of *no* bytes for one without end,
/// so there is always room.
const ROOM: usize = BLOCK * 5 / 4 + 7_200;

impl Mp3Frames {
    pub(crate) fn new(format: Mp3Format) -> io::Result<Self> {
        let lame = lame(format)?;
        let (block, bytes) = (Vec::new(), Vec::with_capacity(ROOM));
        Ok(Self { lame, channels: format.channels.into(), count: 0, block, bytes })
    }

    /// As [`Mp3Encoder::push`]; `take` gets what is ready.
    pub(crate) fn push(&mut self, samples: &[f32], take: &mut Take<'_>) -> io::Result<()> {
        for part in samples.chunks(BLOCK * self.channels) {
            self.block.clear();
            self.block.extend(part.iter().map(|sample| sample.clamp(-1.0, 1.0)));
            self.block.truncate(part.len() / self.channels * self.channels);
            self.count += (self.block.len() / self.channels) as u64;
            self.bytes.clear();
            self.bytes.reserve(ROOM);
            let written = match self.channels {
                1 => self.lame.encode_to_vec(MonoPcm(&self.block), &mut self.bytes),
                _ => self.lame.encode_to_vec(InterleavedPcm(&self.block), &mut self.bytes),
            };
            written.map_err(broken)?;
            take(&self.bytes)?;
        }
        Ok(())
    }

    pub(crate) fn finish(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        self.bytes.clear();
        self.bytes.reserve(ROOM);
        // It pads the last frame; the other flush of the crate's would leave it out.
        self.lame.flush_to_vec::<FlushGap>(&mut self.bytes).map_err(broken)?;
        take(&self.bytes)
    }

    /// After the end: what belongs into the first frame.
    fn header(&mut self) -> Option<&[u8]> {
        self.bytes.clear();
        self.bytes.reserve(ROOM);
        self.lame.lame_tag_encode_to_vec(&mut self.bytes)?;
        Some(&self.bytes)
    }
}

fn lame(format: Mp3Format) -> io::Result<Encoder> {
    let Mp3Format { channels, rate_hz, quality } = format;
    if !matches!((channels, rate_hz), (1 | 2, 32_000 | 44_100 | 48_000)) {
        let text = format!("MP3 of this quality has no {channels} channels at {rate_hz} Hz");
        return Err(io::Error::new(ErrorKind::InvalidInput, text));
    }
    let mut builder = Builder::new().ok_or(ErrorKind::OutOfMemory)?;
    builder.set_num_channels(channels as u8).map_err(broken)?;
    builder.set_sample_rate(rate_hz).map_err(broken)?;
    builder.set_output_sample_rate(NonZeroU32::new(rate_hz)).map_err(broken)?;
    builder.set_mode(if channels == 1 { Mode::Mono } else { Mode::JointStereo }).map_err(broken)?;
    builder.set_to_write_vbr_tag(true).map_err(broken)?;
    match quality {
        Mp3Quality::Cbr320 => builder.set_brate(Bitrate::Kbps320).map_err(broken)?,
        Mp3Quality::V0 => {
            builder.set_vbr_mode(VbrMode::Mtrh).map_err(broken)?;
            builder.set_vbr_quality(Quality::Best).map_err(broken)?;
        }
    }
    builder.build().map_err(broken)
}

fn broken(error: impl std::fmt::Debug) -> io::Error {
    io::Error::other(format!("LAME: {error:?}"))
}
