use crate::quality::chunk::{Chunk, LANES, total};

/// What the two channels of a stereo track have in common. Measures nothing with more or fewer.
#[derive(Default)]
pub(crate) struct Stereo {
    left: f64,
    right: f64,
    left_energy: f64,
    right_energy: f64,
    product: f64,
    /// The energy of left minus right.
    difference: f64,
    largest_difference: f32,
    frames: u64,
}

/// The comparison over the whole track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Comparison {
    /// -1 to 1; `None` where a channel is silent.
    pub(crate) correlation: Option<f64>,
    /// The power of (L-R)/2 over that of (L+R)/2; `None` where both are silent, infinite where only the
    /// mid is.
    pub(crate) side_to_mid: Option<f64>,
    /// The power of (L+R)/2 over the channels' mean power, 0 to 1.
    pub(crate) mono_to_stereo: Option<f64>,
    /// The greatest absolute L-R.
    pub(crate) largest_difference: f64,
}

impl Stereo {
    pub(crate) fn add(&mut self, chunk: &Chunk) {
        let mut planes = chunk.planes();
        let (Some((left, l)), Some((right, r)), None) = (planes.next(), planes.next(), planes.next()) else { return };
        self.left += l.sum;
        self.right += r.sum;
        self.left_energy += l.energy;
        self.right_energy += r.energy;
        self.compare(left, right);
        self.frames += chunk.frames() as u64;
    }

    fn compare(&mut self, left: &[f32], right: &[f32]) {
        let (mut product, mut difference, mut largest) = ([0f32; LANES], [0f32; LANES], [0f32; LANES]);
        let ((lefts, left), (rights, right)) = (left.as_chunks::<LANES>(), right.as_chunks::<LANES>());
        for (left, right) in lefts.iter().zip(rights) {
            for lane in 0..LANES {
                let apart = left[lane] - right[lane];
                product[lane] += left[lane] * right[lane];
                difference[lane] += apart * apart;
                largest[lane] = if apart.abs() > largest[lane] { apart.abs() } else { largest[lane] };
            }
        }
        for (left, right) in left.iter().zip(right) {
            let apart = left - right;
            product[0] += left * right;
            difference[0] += apart * apart;
            largest[0] = largest[0].max(apart.abs());
        }
        self.product += total(&product);
        self.difference += total(&difference);
        self.largest_difference = largest.into_iter().fold(self.largest_difference, f32::max);
    }

    /// `None` where there are not two channels. Offsets are left out of it: they are not heard.
    pub(crate) fn finish(&self) -> Option<Comparison> {
        if self.frames == 0 {
            return None;
        }
        let frames = self.frames as f64;
        let (left_mean, right_mean) = (self.left / frames, self.right / frames);
        let left = (self.left_energy / frames - left_mean * left_mean).max(0.0);
        let right = (self.right_energy / frames - right_mean * right_mean).max(0.0);
        let product = self.product / frames - left_mean * right_mean;
        let side = ((self.difference / frames - (left_mean - right_mean).powi(2)) / 4.0).max(0.0);
        let mid = ((left + right + 2.0 * product) / 4.0).max(0.0);
        let is_heard = left + right > SILENT;
        Some(Comparison {
            correlation: (left > SILENT && right > SILENT).then(|| (product / (left * right).sqrt()).clamp(-1.0, 1.0)),
            side_to_mid: is_heard.then(|| side / mid),
            mono_to_stereo: is_heard.then(|| (2.0 * mid / (left + right)).min(1.0)),
            largest_difference: f64::from(self.largest_difference),
        })
    }
}

/// A mean square that is nothing but rounding: -140 dBFS.
const SILENT: f64 = 1e-14;

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison_of(frame: impl Fn(usize) -> [f32; 2]) -> Comparison {
        let samples: Vec<f32> = (0..100_000).flat_map(frame).collect();
        let (mut stereo, mut chunk) = (Stereo::default(), Chunk::new(2));
        let mut rest = samples.as_slice();
        while !rest.is_empty() {
            rest = chunk.fill(rest);
            chunk.sum_up();
            stereo.add(&chunk);
            chunk.clear();
        }
        stereo.finish().expect("there are two channels")
    }

    fn tone(n: usize, hz: f64) -> f32 {
        (0.5 * (n as f64 * hz * std::f64::consts::TAU / 48_000.0).sin()) as f32
    }

    #[test]
    fn equal_opposite_and_unrelated_channels_are_told_apart() {
        let equal = comparison_of(|n| [tone(n, 440.0); 2]);
        assert!(equal.correlation.unwrap() > 0.999_999 && equal.side_to_mid == Some(0.0), "{equal:?}");
        assert_eq!(equal.largest_difference, 0.0);

        let opposite = comparison_of(|n| [tone(n, 440.0), -tone(n, 440.0)]);
        assert!(opposite.correlation.unwrap() < -0.999_999, "{opposite:?}");
        assert!(opposite.mono_to_stereo.unwrap() < 1e-6, "{opposite:?}");

        let unrelated = comparison_of(|n| [tone(n, 480.0), tone(n, 720.0)]);
        assert!(unrelated.correlation.unwrap().abs() < 0.01, "{unrelated:?}");
        assert!((unrelated.mono_to_stereo.unwrap() - 0.5).abs() < 0.01, "{unrelated:?}");
        assert!((unrelated.side_to_mid.unwrap() - 1.0).abs() < 0.01, "{unrelated:?}");
    }

    #[test]
    fn an_offset_is_no_correlation() {
        let offset = comparison_of(|n| [tone(n, 480.0) + 0.3, tone(n, 720.0) + 0.3]);
        assert!(offset.correlation.unwrap().abs() < 0.01, "{offset:?}");
    }

    #[test]
    fn a_silent_channel_correlates_with_nothing() {
        let half = comparison_of(|n| [tone(n, 440.0), 0.0]);
        assert_eq!(half.correlation, None);
        assert!((half.mono_to_stereo.unwrap() - 0.5).abs() < 0.01, "{half:?}");
    }
}
