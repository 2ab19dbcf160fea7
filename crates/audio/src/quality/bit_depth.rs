use crate::quality::chunk::{Chunk, LANES};

/// How many bits of integer samples are in use, up to 24.
///
/// A bit that is zero in every sample holds nothing: a file of 24 bits that was made from one of 16 has
/// eight such bits at the lower end.
pub(crate) struct BitDepth {
    /// All samples, as integers of 24 bits, or-ed.
    used: i32,
    /// Every sample so far is an integer of 24 bits.
    is_integer: bool,
}

const BITS: u32 = 24;
const SCALE: f32 = (1 << (BITS - 1)) as f32;

impl BitDepth {
    /// Lossy sources have no bits; they are not looked at.
    pub(crate) fn new(is_lossless: bool) -> Self {
        Self { used: 0, is_integer: is_lossless }
    }

    pub(crate) fn add(&mut self, chunk: &Chunk) {
        for (samples, _) in chunk.planes() {
            // All bits in use: no sample can change that any more.
            if self.is_integer && self.used & 1 == 0 {
                self.look_at(samples);
            }
        }
    }

    /// `None` for samples that are no integers of 24 bits, and for silence.
    pub(crate) fn finish(&self) -> Option<u32> {
        (self.is_integer && self.used != 0).then(|| BITS.saturating_sub(self.used.trailing_zeros()).max(1))
    }

    fn look_at(&mut self, samples: &[f32]) {
        let (mut used, mut uneven) = ([0i32; LANES], [0u32; LANES]);
        let (vectors, rest) = samples.as_chunks::<LANES>();
        for vector in vectors {
            for lane in 0..LANES {
                let scaled = vector[lane] * SCALE;
                let integer = scaled as i32;
                used[lane] |= integer;
                uneven[lane] |= u32::from(integer as f32 != scaled);
            }
        }
        for sample in rest {
            let integer = (sample * SCALE) as i32;
            used[0] |= integer;
            uneven[0] |= u32::from(integer as f32 != sample * SCALE);
        }
        self.used |= used.into_iter().fold(0, |all, lane| all | lane);
        self.is_integer &= uneven.iter().all(|lane| *lane == 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits_of(samples: impl Iterator<Item = f32>, is_lossless: bool) -> Option<u32> {
        let samples: Vec<f32> = samples.collect();
        let (mut depth, mut chunk) = (BitDepth::new(is_lossless), Chunk::new(1));
        let mut rest = samples.as_slice();
        while !rest.is_empty() {
            rest = chunk.fill(rest);
            depth.add(&chunk);
            chunk.clear();
        }
        depth.finish()
    }

    #[test]
    fn the_lowest_bit_in_use_tells() {
        for bits in [8, 12, 16, 20, 24] {
            let full = (1 << (bits - 1)) as f32;
            let samples = move || (0..9_001).map(move |n| ((n as f32 * 0.7).sin() * full * 0.9).round() / full);
            assert_eq!(bits_of(samples(), true), Some(bits));
            assert_eq!(bits_of(samples(), false), None);
        }
    }

    #[test]
    fn floats_and_silence_have_no_bits() {
        assert_eq!(bits_of((0..9_000).map(|n| (n as f32 * 0.7).sin()), true), None);
        assert_eq!(bits_of((0..9_000).map(|_| 0.0), true), None);
        assert_eq!(bits_of((0..9_000).map(|n| if n % 2 == 0 { 64.0 } else { -64.0 }), true), Some(1));
    }
}
