//! The file that a waveform is kept in.
//!
//! ```text
//! version 2            "LWF" 0x02, then for each resolution, the coarsest first:
//!   parts              32 bits, little-endian
//!   low, high, rms     one byte each, part after part; low and high are signed
//! version 1            1,800 bytes and no header: the highest absolute samples, 255 is full scale
//! ```

use super::{Waveform, WaveformLevel};

const MAGIC: [u8; 4] = *b"LWF\x02";
/// A file of the first version is recognised by its length, which no later one has.
const FIRST_VERSION_BYTES: usize = 1_800;
const MAX_LEVELS: usize = 8;

impl Waveform {
    /// The file: 27,691 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for level in &self.levels {
            bytes.extend((level.parts() as u32).to_le_bytes());
            for ((low, high), rms) in level.low.iter().zip(&level.high).zip(&level.rms) {
                bytes.extend([low.cast_unsigned(), high.cast_unsigned(), *rms]);
            }
        }
        bytes
    }

    /// What [`to_bytes`](Self::to_bytes) of this or an earlier version wrote; `None` for anything else. Of the first version
    /// there is one resolution, as high as it is low, and its root mean square is not known: it is 0.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() == FIRST_VERSION_BYTES {
            return Some(Self { levels: vec![WaveformLevel::of_peaks(bytes)] });
        }
        let (magic, mut rest) = bytes.split_at_checked(MAGIC.len())?;
        let mut levels = Vec::new();
        while !rest.is_empty() {
            let (parts, behind) = rest.split_first_chunk::<4>()?;
            let (level, behind) = behind.split_at_checked((u32::from_le_bytes(*parts) as usize).checked_mul(3)?)?;
            levels.push(WaveformLevel::of_parts(level.as_chunks().0));
            rest = behind;
        }
        (magic == MAGIC && (1..=MAX_LEVELS).contains(&levels.len())).then_some(Self { levels })
    }
}

impl WaveformLevel {
    fn of_parts(parts: &[[u8; 3]]) -> Self {
        Self {
            low: parts.iter().map(|[low, _, _]| low.cast_signed()).collect(),
            high: parts.iter().map(|[_, high, _]| high.cast_signed()).collect(),
            rms: parts.iter().map(|[_, _, rms]| *rms).collect(),
        }
    }

    fn of_peaks(peaks: &[u8]) -> Self {
        let high: Vec<i8> = peaks.iter().map(|peak| (peak / 2).cast_signed()).collect();
        Self { low: high.iter().map(|high| -high).collect(), high, rms: vec![0; peaks.len()] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waveform::Shape;

    fn waveform() -> Waveform {
        let mut shape = Shape::new(2);
        shape.add(&(0..100_000).map(|n| (n as f32 / 300.0).sin()).collect::<Vec<_>>());
        shape.finish()
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = waveform().to_bytes();
        assert_eq!(bytes.len(), 27_691);
        assert_eq!(Waveform::from_bytes(&bytes), Some(waveform()));
    }

    #[test]
    fn the_first_version_is_still_read() {
        let old: Vec<u8> = (0..1_800).map(|n| (n % 256) as u8).collect();
        let level = &Waveform::from_bytes(&old).expect("a waveform").levels[0];
        assert_eq!(level.parts(), 1_800);
        assert!(level.peaks().iter().zip(&old).all(|(read, peak)| read.abs_diff(*peak) <= 1));
    }

    #[test]
    fn what_is_no_waveform_is_none() {
        let whole = waveform().to_bytes();
        for bytes in
            [&b""[..], b"LWF", b"LWF\x02", b"LWF\x03\0\0\0\0", &whole[..whole.len() - 1], b"LWF\x02\xff\xff\xff\xff"]
        {
            assert_eq!(Waveform::from_bytes(bytes), None);
        }
    }
}
