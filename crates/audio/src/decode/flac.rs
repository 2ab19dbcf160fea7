//! Decodes FLAC (RFC 9639): what symphonia's decoder does, in less time.
//!
//! ```text
//! packet ─▶ header ─▶ channel by channel: residual ─▶ two channels at once: prediction ─▶ left and right ─▶ block
//! ```

mod bits;
mod header;
mod prediction;
mod residual;
#[cfg(test)]
mod tests;

use self::bits::Bits;
use self::header::{Header, Stereo};
use self::prediction::{MAX_ORDER, Plain, Prediction, Wide};
use self::residual::read_residual;
use super::codec::Spec;
use md5::{Digest, Md5};
use symphonia::core::codecs::audio::{AudioCodecParameters, VerificationCheck};

/// Samples of up to 24 bits: of more, the difference of two channels has more than 32.
const MAX_BITS: u32 = 24;

pub(super) struct Flac {
    spec: Spec,
    bits: u32,
    max_frames: usize,
    /// For two channels each: their frames.
    pairs: Vec<Vec<[i32; 2]>>,
    checksum: Option<Checksum>,
}

/// Of all samples, as the stream gives it, and as it is.
struct Checksum {
    expected: [u8; 16],
    md5: Md5,
    bytes: Vec<u8>,
}

/// How one channel is coded.
struct Subframe {
    prediction: Prediction,
    /// Zeros at the end of each sample, which are not coded.
    wasted: u32,
}

impl Flac {
    /// By what symphonia's decoder has read and checked; `None` for what is left to it.
    pub(super) fn new(params: &AudioCodecParameters, is_checked: bool) -> Option<Self> {
        let bits = params.bits_per_sample.filter(|bits| (4..=MAX_BITS).contains(bits))?;
        let channels = params.channels.as_ref()?.count();
        let max_frames = usize::try_from(params.max_frames_per_packet?).ok()?;
        let checksum = match params.verification_check {
            Some(VerificationCheck::Md5(expected)) if is_checked => {
                Some(Checksum { expected, md5: Md5::new(), bytes: Vec::new() })
            }
            _ => None,
        };
        let pairs = vec![Vec::new(); channels.div_ceil(2)];
        Some(Self { spec: (params.sample_rate?, channels), bits, max_frames, pairs, checksum })
    }

    /// Decode one frame of FLAC into `block`. `None` if it makes no sense.
    pub(super) fn decode(&mut self, packet: &[u8], block: &mut Vec<f32>) -> Option<Spec> {
        block.clear();
        let (header, body) = Header::read(packet)?;
        let bits = header.bits.unwrap_or(self.bits);
        if header.frames > self.max_frames || header.channels != self.spec.1 || bits > MAX_BITS {
            return None;
        }
        for pair in &mut self.pairs {
            pair.resize(header.frames, [0; 2]);
        }
        self.read_channels(body, &header, bits)?;
        if let Some(checksum) = &mut self.checksum {
            checksum.update(&self.pairs, self.spec.1, bits);
        }
        interleave(&self.pairs, self.spec.1, bits, block);
        Some(self.spec)
    }

    pub(super) fn differs_from_checksum(&self) -> bool {
        self.checksum.as_ref().is_some_and(|checksum| checksum.md5.clone().finalize()[..] != checksum.expected)
    }

    #[cfg(target_arch = "x86_64")]
    fn read_channels(&mut self, body: &[u8], header: &Header, bits: u32) -> Option<()> {
        match pulp::x86::V3::try_new() {
            Some(wide) => wide.vectorize(Channels { wide, pairs: &mut self.pairs, body, header, bits }),
            None => read_channels(Plain, &mut self.pairs, body, header, bits),
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn read_channels(&mut self, body: &[u8], header: &Header, bits: u32) -> Option<()> {
        read_channels(Plain, &mut self.pairs, body, header, bits)
    }
}

#[cfg(target_arch = "x86_64")]
struct Channels<'a> {
    wide: pulp::x86::V3,
    pairs: &'a mut [Vec<[i32; 2]>],
    body: &'a [u8],
    header: &'a Header,
    bits: u32,
}

#[cfg(target_arch = "x86_64")]
impl pulp::NullaryFnOnce for Channels<'_> {
    type Output = Option<()>;

    #[inline(always)]
    fn call(self) -> Option<()> {
        read_channels(self.wide, self.pairs, self.body, self.header, self.bits)
    }
}

/// All that is worth compiling for the processor at hand.
#[inline(always)]
fn read_channels(
    wide: impl Wide,
    pairs: &mut [Vec<[i32; 2]>],
    body: &[u8],
    header: &Header,
    bits_per_sample: u32,
) -> Option<()> {
    let mut bits = Bits::new(body);
    let [first_bits, second_bits] = header.stereo.bits(bits_per_sample);
    for (index, frames) in pairs.iter_mut().enumerate() {
        let first = read_subframe::<0>(&mut bits, first_bits, frames)?;
        let second = if 2 * index + 1 < header.channels {
            read_subframe::<1>(&mut bits, second_bits, frames)?
        } else {
            Subframe { prediction: Prediction::default(), wasted: 0 }
        };
        prediction::restore(wide, frames, &[first.prediction, second.prediction]);
        if first.wasted + second.wasted > 0 {
            frames.iter_mut().for_each(|[a, b]| (*a, *b) = (*a << first.wasted, *b << second.wasted));
        }
        header.stereo.separate(frames);
    }
    Some(())
}

/// RFC 9639 §9.2. Leaves in `LANE` what prediction misses by.
#[inline(always)]
fn read_subframe<const LANE: usize>(bits: &mut Bits<'_>, frame_bits: u32, frames: &mut [[i32; 2]]) -> Option<Subframe> {
    let kind = bits.read(8);
    let wasted = if kind & 1 == 1 { bits.read_zeros()? + 1 } else { 0 };
    let width = frame_bits.checked_sub(wasted).filter(|width| *width > 0)?;
    let mut prediction = Prediction::default();
    match kind >> 1 {
        0 => {
            let value = bits.read_signed(width);
            frames.iter_mut().for_each(|frame| frame[LANE] = value);
        }
        1 => read_verbatim::<LANE>(bits, width, frames),
        kind @ 8..=12 => {
            prediction = Prediction::fixed(kind as usize - 8);
            read_verbatim::<LANE>(bits, width, frames.get_mut(..prediction.order)?);
            read_residual::<LANE>(bits, prediction.order, frames)?;
        }
        kind @ 32..=63 => {
            prediction.order = kind as usize - 31;
            read_verbatim::<LANE>(bits, width, frames.get_mut(..prediction.order)?);
            read_coefficients(bits, &mut prediction)?;
            read_residual::<LANE>(bits, prediction.order, frames)?;
        }
        _ => return None,
    }
    bits.check()?;
    Some(Subframe { prediction, wasted })
}

#[inline(always)]
fn read_verbatim<const LANE: usize>(bits: &mut Bits<'_>, width: u32, frames: &mut [[i32; 2]]) {
    frames.iter_mut().for_each(|frame| frame[LANE] = bits.read_signed(width));
}

/// RFC 9639 §9.2.6.
#[inline(always)]
fn read_coefficients(bits: &mut Bits<'_>, prediction: &mut Prediction) -> Option<()> {
    const RESERVED: u32 = 16;
    let precision = bits.read(4) + 1;
    // Five bits with a sign, which must not be set.
    prediction.shift = bits.read(5);
    if precision == RESERVED || prediction.shift > 15 {
        return None;
    }
    debug_assert!(prediction.order <= MAX_ORDER, "six bits less 31");
    prediction.coefficients[..prediction.order].iter_mut().for_each(|value| *value = bits.read_signed(precision));
    Some(())
}

impl Stereo {
    /// Bits of a sample of a first and of a second channel: a difference has one more.
    fn bits(self, bits: u32) -> [u32; 2] {
        match self {
            Self::Independent => [bits, bits],
            Self::LeftSide | Self::MidSide => [bits, bits + 1],
            Self::SideRight => [bits + 1, bits],
        }
    }

    /// RFC 9639 §4.2: left and right again.
    #[inline(always)]
    fn separate(self, frames: &mut [[i32; 2]]) {
        let each = |frames: &mut [[i32; 2]], separated: fn(i32, i32) -> [i32; 2]| {
            frames.iter_mut().for_each(|frame| *frame = separated(frame[0], frame[1]));
        };
        match self {
            Self::Independent => {}
            Self::LeftSide => each(frames, |left, side| [left, left.wrapping_sub(side)]),
            Self::SideRight => each(frames, |side, right| [side.wrapping_add(right), right]),
            Self::MidSide => each(frames, |mid, side| {
                let mid = mid << 1 | side & 1;
                [mid.wrapping_add(side) >> 1, mid.wrapping_sub(side) >> 1]
            }),
        }
    }
}

/// ±1.0 is full scale; what a broken frame has above is cut off, as symphonia does.
fn interleave(pairs: &[Vec<[i32; 2]>], channels: usize, bits: u32, block: &mut Vec<f32>) {
    let scaled = |sample: i32| (sample << (32 - bits)) as f32 / 2_147_483_648.0;
    if let ([frames], 2) = (pairs, channels) {
        return block.extend(frames.as_flattened().iter().map(|sample| scaled(*sample)));
    }
    for frame in 0..pairs.first().map_or(0, Vec::len) {
        block.extend(pairs.iter().flat_map(|pair| pair[frame]).take(channels).map(scaled));
    }
}

impl Checksum {
    fn update(&mut self, pairs: &[Vec<[i32; 2]>], channels: usize, bits: u32) {
        self.bytes.clear();
        let frames = pairs.first().map_or(0, Vec::len);
        if let ([frames], 2, 16) = (pairs, channels, bits) {
            self.bytes.extend(frames.as_flattened().iter().flat_map(|sample| (*sample as i16).to_le_bytes()));
        } else {
            let width = bits.div_ceil(8) as usize;
            for frame in 0..frames {
                let samples = pairs.iter().flat_map(|pair| pair[frame]).take(channels);
                samples.for_each(|sample| self.bytes.extend_from_slice(&sample.to_le_bytes()[..width]));
            }
        }
        self.md5.update(&self.bytes);
    }
}
