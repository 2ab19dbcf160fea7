use crate::flac::FlacFormat;
use crate::flac::bits::{BitWriter, crc8, crc16};
use crate::flac::integers::Integers;
use crate::flac::stereo::Channels;
use md5::{Digest, Md5};
use std::io;

/// One FLAC frame (RFC 9639 §9), the unit that other containers carry.
#[derive(Clone, Copy, Debug)]
pub struct FlacFrame<'a> {
    /// From its sync code to its checksum.
    pub bytes: &'a [u8],
    /// Samples of each channel: [`FlacFrames::BLOCK`], fewer in the last frame.
    pub samples: u32,
}

/// What the STREAMINFO block says (RFC 9639 §8.2). Before the end, `frames` and `md5` are 0: not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlacStreamInfo {
    /// Channels, rate, bits.
    pub format: FlacFormat,
    /// Bytes of the smallest frame, 0 if that is not known.
    pub min_frame: u32,
    /// Bytes of the largest frame, 0 if that is not known.
    pub max_frame: u32,
    /// Samples of each channel in the stream.
    pub frames: u64,
    /// Of all samples, interleaved, as little-endian integers.
    pub md5: [u8; 16],
}

impl FlacStreamInfo {
    /// The block's 34 bytes without its header. With the header `80 00 00 22` in front it is what a `dfLa` box
    /// holds behind its version and flags.
    pub fn to_bytes(&self) -> [u8; 34] {
        let mut bytes = [0; 34];
        let block = (FlacFrames::BLOCK as u16).to_be_bytes();
        bytes[..2].copy_from_slice(&block);
        bytes[2..4].copy_from_slice(&block);
        bytes[4..7].copy_from_slice(&self.min_frame.to_be_bytes()[1..]);
        bytes[7..10].copy_from_slice(&self.max_frame.to_be_bytes()[1..]);
        let FlacFormat { channels, rate_hz, bits, .. } = self.format;
        let packed = u64::from(rate_hz) << 44 | u64::from(channels - 1) << 41 | u64::from(bits.count() - 1) << 36;
        bytes[10..18].copy_from_slice(&(packed | self.frames & MAX_FRAMES).to_be_bytes());
        bytes[18..].copy_from_slice(&self.md5);
        bytes
    }
}

/// STREAMINFO counts in 36 bits: more than fifty hours at 384 kHz.
const MAX_FRAMES: u64 = (1 << 36) - 1;

/// Interleaved samples in, FLAC frames out, each as soon as it is full.
///
/// From a source of no more bits, the decoded samples are the very same. Deterministic, in constant memory.
pub struct FlacFrames {
    info: FlacStreamInfo,
    integers: Integers,
    /// Fewer than a block.
    pending: Vec<i32>,
    little_endian: Vec<u8>,
    md5: Md5,
    channels: Channels,
    number: u32,
    out: BitWriter,
}

type Take<'a> = dyn FnMut(FlacFrame<'_>) -> io::Result<()> + 'a;

impl FlacFrames {
    /// Samples of each channel in a frame.
    pub const BLOCK: usize = 4_096;

    /// Whether FLAC has so many frames per second: up to 65,535 all, above those that are a multiple of 10.
    pub(crate) fn holds(rate_hz: u32) -> bool {
        rate_code(rate_hz).is_some()
    }

    /// # Errors
    /// `InvalidInput` for a format that FLAC cannot hold.
    pub fn new(format: FlacFormat) -> io::Result<Self> {
        let FlacFormat { channels, rate_hz, bits, .. } = format;
        if !(1..=8).contains(&channels) || rate_code(rate_hz).is_none() {
            let text = format!("FLAC has no {channels} channels at {rate_hz} Hz");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        Ok(Self {
            info: FlacStreamInfo { format, min_frame: 0, max_frame: 0, frames: 0, md5: [0; 16] },
            integers: Integers::new(&format),
            pending: Vec::new(),
            little_endian: Vec::new(),
            md5: Md5::new(),
            channels: Channels::new(channels.into(), bits.count()),
            number: 0,
            out: BitWriter::default(),
        })
    }

    /// What is known before the first sample: enough for an init segment.
    pub fn stream_info(&self) -> FlacStreamInfo {
        FlacStreamInfo { min_frame: 0, max_frame: 0, frames: 0, md5: [0; 16], ..self.info }
    }

    /// `samples` are whole frames, interleaved; ±1.0 is full scale, and what is above is cut off.
    ///
    /// # Errors
    /// What `take` answers.
    pub fn push(&mut self, mut samples: &[f32], take: &mut Take<'_>) -> io::Result<()> {
        let full = Self::BLOCK * usize::from(self.info.format.channels);
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(full - self.pending.len()));
            samples = later;
            self.integers.convert(now, &mut self.pending);
            if self.pending.len() == full {
                self.encode(take)?;
            }
        }
        Ok(())
    }

    /// Encodes what is left; the complete STREAMINFO.
    ///
    /// # Errors
    /// What `take` answers.
    pub fn finish(mut self, take: &mut Take<'_>) -> io::Result<FlacStreamInfo> {
        let channels = usize::from(self.info.format.channels);
        self.pending.truncate(self.pending.len() / channels * channels);
        if !self.pending.is_empty() {
            self.encode(take)?;
        }
        Ok(FlacStreamInfo { md5: self.md5.finalize().into(), ..self.info })
    }

    fn encode(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let samples = (self.pending.len() / usize::from(self.info.format.channels)) as u32;
        self.digest();
        let assignment = self.channels.analyse(&self.pending);
        self.pending.clear();
        self.out.clear();
        self.write_header(samples, assignment);
        self.channels.write(assignment, &mut self.out);
        let bytes = self.out.align();
        let checksum = crc16(bytes).to_be_bytes();
        bytes.extend(checksum);

        let size = bytes.len() as u32;
        self.info.min_frame = if self.number == 0 { size } else { self.info.min_frame.min(size) };
        self.info.max_frame = self.info.max_frame.max(size);
        self.info.frames += u64::from(samples);
        self.number += 1;
        take(FlacFrame { bytes, samples })
    }

    fn digest(&mut self) {
        let bytes = &mut self.little_endian;
        bytes.clear();
        match self.info.format.bits.count() {
            16 => bytes.extend(self.pending.iter().flat_map(|sample| (*sample as i16).to_le_bytes())),
            _ => bytes.extend(self.pending.iter().flat_map(|sample| {
                let [low, middle, high, _] = sample.to_le_bytes();
                [low, middle, high]
            })),
        }
        self.md5.update(&*bytes);
    }

    /// RFC 9639 §9.1: frames of a fixed number of samples, counted.
    fn write_header(&mut self, samples: u32, assignment: u32) {
        let FlacFormat { rate_hz, bits, .. } = self.info.format;
        let (rate, rate_value, rate_width) = rate_code(rate_hz).unwrap_or_default();
        let (block, block_width) = match samples {
            4_096 => (12, 0),
            1..=256 => (6, 8),
            _ => (7, 16),
        };
        let out = &mut self.out;
        out.put(0xfff8, 16);
        out.put(block << 4 | rate, 8);
        out.put(assignment << 4 | if bits.count() == 16 { 4 } else { 6 } << 1, 8);
        write_number(self.number, out);
        if block_width > 0 {
            out.put(samples - 1, block_width);
        }
        out.put(rate_value, rate_width);
        let checksum = crc8(out.align());
        out.put(checksum.into(), 8);
    }
}

/// The four bits of RFC 9639 §9.1.2, with what follows for odd rates and its width.
fn rate_code(rate_hz: u32) -> Option<(u32, u32, u32)> {
    const USUAL: [u32; 11] = [88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
    if let Some(index) = USUAL.iter().position(|usual| *usual == rate_hz) {
        return Some((index as u32 + 1, 0, 0));
    }
    match rate_hz {
        1..=65_535 => Some((13, rate_hz, 16)),
        65_536..=655_350 if rate_hz.is_multiple_of(10) => Some((14, rate_hz / 10, 16)),
        _ => None,
    }
}

/// As UTF-8 would code a character of that number, in up to six bytes.
fn write_number(number: u32, out: &mut BitWriter) {
    if number < 0x80 {
        return out.put(number, 8);
    }
    let tails = (1..5).find(|tails| number >> (5 * tails + 6) == 0).unwrap_or(5);
    out.put(0xff << (7 - tails) & 0xff | number >> (6 * tails), 8);
    for tail in (0..tails).rev() {
        out.put(0x80 | number >> (6 * tail) & 0x3f, 8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_coded_as_characters_are() {
        for number in [0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x1_0000, 0x10_ffff] {
            let mut out = BitWriter::default();
            write_number(number, &mut out);
            let expected = char::from_u32(number).expect("it is a character").to_string();
            assert_eq!(*out.align(), expected.into_bytes());
        }
        let mut out = BitWriter::default();
        write_number(0x7fff_ffff, &mut out);
        assert_eq!(*out.align(), [0xfd, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf]);
    }
}
