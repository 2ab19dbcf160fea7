/// Frames of a track, channel by channel, with the sums that several measures share.
///
/// Measures see the track in chunks of [`Chunk::FRAMES`] (the last one is shorter), however it came
/// in, so that their results do not depend on the decoder's blocks.
pub(crate) struct Chunk {
    planes: Vec<Plane>,
    /// The number of the first frame.
    pub(crate) start: u64,
    frames: usize,
}

/// One channel's samples.
pub(crate) struct Plane {
    samples: Vec<f32>,
    pub(crate) totals: Totals,
}

/// Of one channel's samples.
#[derive(Clone, Copy, Default)]
pub(crate) struct Totals {
    pub(crate) sum: f64,
    /// The sum of the squares.
    pub(crate) energy: f64,
    /// The greatest sample.
    pub(crate) highest: f32,
    /// The least sample.
    pub(crate) lowest: f32,
}

/// Independent sums side by side become vector instructions; one sum in order would not.
pub(crate) const LANES: usize = 16;

impl Chunk {
    pub(crate) const FRAMES: usize = 1_024;

    pub(crate) fn new(channels: usize) -> Self {
        let plane = || Plane { samples: vec![0.0; Self::FRAMES], totals: Totals::default() };
        Self { planes: (0..channels.max(1)).map(|_| plane()).collect(), start: 0, frames: 0 }
    }

    /// Take what fits of the interleaved samples; the rest comes back.
    pub(crate) fn fill<'a>(&mut self, block: &'a [f32]) -> &'a [f32] {
        let channels = self.planes.len();
        let frames = (Self::FRAMES - self.frames).min(block.len() / channels);
        let (taken, rest) = block.split_at(frames * channels);
        let place = self.frames..self.frames + frames;
        match self.planes.as_mut_slice() {
            [left, right] => {
                let planes = left.samples[place.clone()].iter_mut().zip(&mut right.samples[place]);
                for (frame, (left, right)) in taken.as_chunks::<2>().0.iter().zip(planes) {
                    (*left, *right) = (frame[0], frame[1]);
                }
            }
            planes => {
                for (channel, plane) in planes.iter_mut().enumerate() {
                    let samples = taken.iter().skip(channel).step_by(channels);
                    plane.samples[place.clone()].iter_mut().zip(samples).for_each(|(to, from)| *to = *from);
                }
            }
        }
        self.frames += frames;
        rest
    }

    pub(crate) fn is_full(&self) -> bool {
        self.frames == Self::FRAMES
    }

    /// Make the totals; before the measures look.
    pub(crate) fn sum_up(&mut self) {
        for plane in &mut self.planes {
            plane.totals = Totals::of(&plane.samples[..self.frames]);
        }
    }

    /// Begin the next chunk.
    pub(crate) fn clear(&mut self) {
        self.start += self.frames as u64;
        self.frames = 0;
    }

    pub(crate) fn frames(&self) -> usize {
        self.frames
    }

    pub(crate) fn channels(&self) -> usize {
        self.planes.len()
    }

    pub(crate) fn samples(&self, channel: usize) -> &[f32] {
        self.planes.get(channel).and_then(|plane| plane.samples.get(..self.frames)).unwrap_or_default()
    }

    /// Each channel's samples and totals.
    pub(crate) fn planes(&self) -> impl Iterator<Item = (&[f32], Totals)> {
        self.planes.iter().map(|plane| (&plane.samples[..self.frames], plane.totals))
    }

    /// The greatest absolute sample of all channels.
    pub(crate) fn peak(&self) -> f32 {
        self.planes.iter().fold(0.0, |peak, plane| plane.totals.peak().max(peak))
    }
}

impl Totals {
    fn of(samples: &[f32]) -> Self {
        let (mut sum, mut energy) = ([0f32; LANES], [0f32; LANES]);
        let (mut highest, mut lowest) = ([f32::MIN; LANES], [f32::MAX; LANES]);
        let (vectors, rest) = samples.as_chunks::<LANES>();
        for vector in vectors {
            for lane in 0..LANES {
                let sample = vector[lane];
                sum[lane] += sample;
                energy[lane] += sample * sample;
                highest[lane] = if sample > highest[lane] { sample } else { highest[lane] };
                lowest[lane] = if sample < lowest[lane] { sample } else { lowest[lane] };
            }
        }
        for sample in rest {
            sum[0] += sample;
            energy[0] += sample * sample;
            highest[0] = highest[0].max(*sample);
            lowest[0] = lowest[0].min(*sample);
        }
        Self {
            sum: total(&sum),
            energy: total(&energy),
            highest: highest.into_iter().fold(f32::MIN, f32::max),
            lowest: lowest.into_iter().fold(f32::MAX, f32::min),
        }
    }

    /// The greatest absolute sample.
    pub(crate) fn peak(&self) -> f32 {
        self.highest.max(-self.lowest).max(0.0)
    }
}

pub(crate) fn total(lanes: &[f32; LANES]) -> f64 {
    lanes.iter().map(|lane| f64::from(*lane)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interleaved_samples_are_sorted_into_channels() {
        for channels in 1..=8 {
            let block: Vec<f32> = (0..channels * 1_100).map(|n| n as f32).collect();
            let mut chunk = Chunk::new(channels);
            let rest = chunk.fill(&block[..channels * 7]);
            assert!(rest.is_empty());
            let rest = chunk.fill(&block[channels * 7..]);
            assert_eq!(rest.len(), channels * (1_100 - 1_024));
            for channel in 0..channels {
                let samples = chunk.samples(channel);
                assert!(samples.iter().enumerate().all(|(n, sample)| *sample == (n * channels + channel) as f32));
            }
        }
    }

    #[test]
    fn totals_are_those_of_all_samples() {
        for length in [1, 15, 16, 17, 1_024] {
            let samples: Vec<f32> = (0..length).map(|n| n as f32 * 0.01 - 0.05).collect();
            let totals = Totals::of(&samples);
            let sum: f64 = samples.iter().map(|sample| f64::from(*sample)).sum();
            assert!((totals.sum - sum).abs() < 1e-3, "{length}: {}", totals.sum);
            assert_eq!(totals.lowest, -0.05);
            assert_eq!(totals.highest, samples[length - 1]);
        }
    }
}
