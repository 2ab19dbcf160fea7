//! MP3 by LAME 3.100, through the safe bindings of `mp3lame-encoder`.
//!
//! LAME is under the LGPL (version 2 or later), and the bindings are under its version 3. Linking them statically
//! into a program under another licence is allowed as long as whoever gets the program can put a changed LAME into
//! it (LGPL-3.0 §4). So a distributor of binaries says that LAME is in them and under which licence, includes the
//! licence's text, and gives or offers LAME's source and all that is needed to link again; for a program whose whole
//! source is public, that source does. The patents on MP3 have expired.

mod id3;

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
    lame: Encoder,
    channels: usize,
    /// Where LAME's header stands in `out`.
    header_at: u64,
    start: u64,
    end: u64,
    frames: u64,
    /// Not above full scale.
    block: Vec<f32>,
    bytes: Vec<u8>,
}

/// Frames that LAME gets at once.
const BLOCK: usize = 8 * 1_152;
/// What LAME may write for a block by its documentation. It takes a buffer of *no* bytes for one without end,
/// so there is always room.
const ROOM: usize = BLOCK * 5 / 4 + 7_200;

impl<W: Write + Seek> Mp3Encoder<W> {
    /// Writes the tag. `out` is sought at the end, when the length is known.
    ///
    /// # Errors
    /// If `out` fails; `InvalidInput` for a format that there is not, or a cover that is too large.
    pub fn new(mut out: W, format: Mp3Format, labels: &Labels, cover: Option<Cover<'_>>) -> io::Result<Self> {
        let lame = lame(format)?;
        let start = out.stream_position()?;
        let tag = id3::tag(labels, cover)?;
        out.write_all(&tag)?;
        let header_at = start + tag.len() as u64;
        Ok(Self {
            out,
            lame,
            channels: format.channels.into(),
            header_at,
            start,
            end: header_at,
            frames: 0,
            block: Vec::new(),
            bytes: Vec::with_capacity(ROOM),
        })
    }

    /// `samples` are whole frames, interleaved; ±1.0 is full scale, and what is above is cut off.
    ///
    /// # Errors
    /// If the output fails.
    pub fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        for part in samples.chunks(BLOCK * self.channels) {
            self.block.clear();
            self.block.extend(part.iter().map(|sample| sample.clamp(-1.0, 1.0)));
            self.block.truncate(part.len() / self.channels * self.channels);
            self.frames += (self.block.len() / self.channels) as u64;
            self.bytes.reserve(ROOM);
            let written = match self.channels {
                1 => self.lame.encode_to_vec(MonoPcm(&self.block), &mut self.bytes),
                _ => self.lame.encode_to_vec(InterleavedPcm(&self.block), &mut self.bytes),
            };
            written.map_err(broken)?;
            self.write()?;
        }
        Ok(())
    }

    /// Writes what is left, and LAME's header.
    ///
    /// # Errors
    /// If the output fails.
    pub fn finish(mut self) -> io::Result<Mp3Rendition> {
        self.bytes.reserve(ROOM);
        // It pads the last frame; the other flush of the crate's would leave it out.
        self.lame.flush_to_vec::<FlushGap>(&mut self.bytes).map_err(broken)?;
        self.write()?;
        self.bytes.reserve(ROOM);
        if self.lame.lame_tag_encode_to_vec(&mut self.bytes).is_some() {
            self.out.seek(SeekFrom::Start(self.header_at))?;
            self.out.write_all(&self.bytes)?;
            self.out.seek(SeekFrom::Start(self.end))?;
        }
        self.out.flush()?;
        Ok(Mp3Rendition { size: self.end - self.start, frames: self.frames })
    }

    fn write(&mut self) -> io::Result<()> {
        self.out.write_all(&self.bytes)?;
        self.end += self.bytes.len() as u64;
        self.bytes.clear();
        Ok(())
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
