use crate::flac::FlacFormat;

/// Turns samples into the integers that FLAC holds.
pub(super) struct Integers {
    scale: f64,
    lowest: f64,
    highest: f64,
    dither: Option<Dither>,
}

impl Integers {
    pub(super) fn new(format: &FlacFormat) -> Self {
        let bits = format.bits.count();
        let scale = f64::from(1u32 << (bits - 1));
        // 24 bits lie below what anybody hears; there, rounding is enough.
        let is_reduced = bits == 16 && format.source_bits.is_none_or(|source| source > bits);
        Self { scale, lowest: -scale, highest: scale - 1.0, dither: is_reduced.then(Dither::default) }
    }

    /// Appends one integer for each sample.
    pub(super) fn convert(&mut self, samples: &[f32], out: &mut Vec<i32>) {
        let (scale, lowest, highest) = (self.scale, self.lowest, self.highest);
        let round = |value: f64| nearest(value.max(lowest).min(highest));
        match &mut self.dither {
            None => out.extend(samples.iter().map(|sample| round(f64::from(*sample) * scale))),
            Some(dither) => out.extend(samples.iter().map(|sample| round(f64::from(*sample) * scale + dither.next()))),
        }
    }
}

/// The nearest integer, the even one of two; `value` is in the range of `i32`. (A sum of this size has no
/// bits left for a fraction. It is several times as fast as a call of `round`.)
#[inline]
pub(super) fn nearest(value: f64) -> i32 {
    (value + SNAP).to_bits() as u32 as i32
}

/// 1.5 × 2⁵².
pub(super) const SNAP: f64 = 6_755_399_441_055_744.0;

/// Noise of triangular density, two steps wide, which makes the rounding error independent of the music
/// (Lipshitz, Wannamaker, Vanderkooy 1992). It is the same noise each time: the same source gives the same bytes.
struct Dither(u64);

impl Default for Dither {
    fn default() -> Self {
        Self(0x4c65_6761_746f_2e31)
    }
}

impl Dither {
    fn next(&mut self) -> f64 {
        // SplitMix64 (Steele, Lea, Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        const STEP: f64 = 1.0 / 4_294_967_296.0;
        (f64::from((bits >> 32) as u32) - f64::from(bits as u32)) * STEP
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flac::FlacBits;

    #[test]
    fn integers_round_to_the_nearest_and_stop_at_full_scale() {
        let format = FlacFormat { channels: 1, rate_hz: 44_100, bits: FlacBits::Sixteen, source_bits: Some(16) };
        let mut out = Vec::new();
        let samples = [0.0, -1.0, 1.0, 64.0, -64.0, 1.6 / 32_768.0, -1.6 / 32_768.0, f32::NAN];
        Integers::new(&format).convert(&samples, &mut out);
        assert_eq!(out, [0, -32_768, 32_767, 32_767, -32_768, 2, -2, -32_768]);
    }

    #[test]
    fn dither_is_triangular_and_free_of_bias() {
        let mut dither = Dither::default();
        let noise: Vec<f64> = (0..100_000).map(|_| dither.next()).collect();
        let mean = noise.iter().sum::<f64>() / 1e5;
        let power = noise.iter().map(|value| value * value).sum::<f64>() / 1e5;
        assert!(noise.iter().all(|value| value.abs() < 1.0) && mean.abs() < 0.005);
        assert!((power - 1.0 / 6.0).abs() < 0.002, "{power}");
    }
}
