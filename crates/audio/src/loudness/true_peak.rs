//! True peaks (BS.1770-4 Annex 2): the highest value that the signal reaches between its samples.

/// Taps of the interpolation filter on each sample's side, at the source's rate.
const REACH: usize = 6;
const TAPS: usize = 2 * REACH;
/// Samples that are looked at together.
const CHUNK: usize = 32;

/// The highest absolute value of any channel, interpolated to at least 192 kHz.
pub(crate) struct TruePeak {
    /// One set of taps for each place between two samples.
    phases: Vec<[f32; TAPS]>,
    /// How far interpolation can exceed the samples that it is made of: the greatest sum of absolute taps.
    most_gain: f32,
    /// The last [`TAPS`] - 1 samples of each channel.
    history: Vec<[f32; TAPS - 1]>,
    samples: Vec<f32>,
    highest: f32,
}

impl TruePeak {
    pub(crate) fn new(channels: usize, rate_hz: u32) -> Self {
        let factor = match rate_hz {
            0..96_000 => 4,
            96_000..192_000 => 2,
            _ => 1,
        };
        let phases: Vec<[f32; TAPS]> = (1..factor).map(|phase| taps(f64::from(phase) / f64::from(factor))).collect();
        let gain = |taps: &[f32; TAPS]| taps.iter().map(|tap| tap.abs()).sum();
        let most_gain = phases.iter().map(gain).fold(1.0, f32::max);
        Self { phases, most_gain, history: vec![[0.0; TAPS - 1]; channels], samples: Vec::new(), highest: 0.0 }
    }

    pub(crate) fn channels(&self) -> usize {
        self.history.len()
    }

    /// The next samples of one channel.
    pub(crate) fn add(&mut self, channel: usize, samples: &[f32]) {
        self.samples.clear();
        self.samples.extend_from_slice(&self.history[channel]);
        self.samples.extend_from_slice(samples);
        let mut highest = self.highest;
        let mut start = 0;
        while start + TAPS <= self.samples.len() {
            let end = (start + CHUNK + TAPS - 1).min(self.samples.len());
            let chunk = &self.samples[start..end];
            let peak = peak(chunk);
            highest = highest.max(peak);
            // Most chunks cannot hold the highest peak, however their samples lie.
            if peak * self.most_gain > highest {
                highest = self.phases.iter().fold(highest, |highest, taps| highest.max(interpolated_peak(chunk, taps)));
            }
            start += CHUNK;
        }
        self.highest = highest.max(peak(samples));
        let kept = self.samples.len() - (TAPS - 1);
        self.history[channel].copy_from_slice(&self.samples[kept..]);
    }

    /// The highest so far; the last six samples count as they are.
    pub(crate) fn highest(&self) -> f32 {
        self.highest
    }
}

fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
}

/// The highest value at one place between all neighbours of a chunk.
fn interpolated_peak(chunk: &[f32], taps: &[f32; TAPS]) -> f32 {
    let mut values = [0f32; CHUNK];
    let count = chunk.len() + 1 - TAPS;
    let values = &mut values[..count];
    for (tap, shifted) in taps.iter().zip(chunk.windows(count)) {
        for (value, sample) in values.iter_mut().zip(shifted) {
            *value += tap * sample;
        }
    }
    peak(values)
}

/// A sinc under a Hann window; `place` lies between the two samples in the middle, 0 to 1.
fn taps(place: f64) -> [f32; TAPS] {
    use std::f64::consts::PI;
    std::array::from_fn(|index| {
        let distance = index as f64 - (REACH - 1) as f64 - place;
        let sinc = if distance == 0.0 { 1.0 } else { (PI * distance).sin() / (PI * distance) };
        let window = 0.5 + 0.5 * (PI * distance / REACH as f64).cos();
        (sinc * window) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dbtp(samples: &[f32], rate_hz: u32, block: usize) -> f32 {
        let mut peak = TruePeak::new(1, rate_hz);
        samples.chunks(block).for_each(|block| peak.add(0, block));
        20.0 * peak.highest().log10()
    }

    fn sine(cycles_per_sample: f64, phase: f64, amplitude: f64, frames: usize) -> Vec<f32> {
        let turn = std::f64::consts::TAU;
        (0..frames).map(|n| (amplitude * (turn * cycles_per_sample * n as f64 + phase).sin()) as f32).collect()
    }

    #[test]
    fn a_peak_between_two_samples_is_found_whatever_the_blocks() {
        // A quarter of the rate, sampled halfway between its peaks: the samples are 3 dB below them.
        let samples = sine(0.25, std::f64::consts::FRAC_PI_4, 0.5, 4_800);
        for block in [1, 7, 480, 4_800] {
            let found = dbtp(&samples, 48_000, block);
            assert!((-6.4..=-5.8).contains(&found), "{found} dBTP in blocks of {block}");
        }
    }

    #[test]
    fn leaving_out_what_cannot_be_the_highest_changes_nothing() {
        let mut noise = 1u32;
        let samples: Vec<f32> = (0..50_000)
            .map(|n| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (f64::from(noise) / f64::from(u32::MAX) - 0.5) as f32 * (1.0 + (n / 5_000) as f32)
            })
            .collect();
        let mut quick = TruePeak::new(1, 44_100);
        let mut thorough = TruePeak::new(1, 44_100);
        thorough.most_gain = f32::INFINITY;
        for block in samples.chunks(1_000) {
            quick.add(0, block);
            thorough.add(0, block);
            assert_eq!(quick.highest(), thorough.highest());
        }
    }

    #[test]
    fn at_192_khz_the_samples_are_enough() {
        assert_eq!(TruePeak::new(2, 192_000).phases.len(), 0);
        assert_eq!(TruePeak::new(2, 96_000).phases.len(), 1);
        assert_eq!(dbtp(&[0.0, 0.5, -1.0], 192_000, 3), 0.0);
    }
}
