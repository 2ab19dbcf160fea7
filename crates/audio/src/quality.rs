mod bandwidth;
mod bit_depth;
mod chunk;
mod clipping;
mod dynamics;
mod finding;
mod findings;
mod inspect;
mod offset;
mod silence;
mod stereo;

pub use self::finding::{Finding, Severity};
pub use self::findings::findings;
pub use self::inspect::{Inspection, inspect};

use self::bandwidth::Bandwidth;
use self::bit_depth::BitDepth;
use self::chunk::Chunk;
use self::clipping::Clipping;
use self::dynamics::Dynamics;
use self::offset::Offset;
use self::silence::Silence;
use self::stereo::Stereo;
use serde::{Deserialize, Serialize};

/// What can be measured of a track's technical quality, on its original channels.
///
/// Levels are in dB of full scale, ±1.0. Every number is finite. [`findings()`] says what they mean.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// The length of the track.
    pub duration_ms: u64,
    /// The highest absolute sample; `None` where all are zero.
    pub sample_peak_dbfs: Option<f64>,
    /// How long all channels stay at -70 dBFS or less at the start; the whole length if nothing is louder.
    pub leading_silence_ms: u64,
    /// How long all samples are exactly zero at the start.
    pub leading_zeros_ms: u64,
    /// How long all channels stay at -70 dBFS or less at the end; 0 if nothing is louder.
    pub trailing_silence_ms: u64,
    /// How long all samples are exactly zero at the end.
    pub trailing_zeros_ms: u64,
    /// Runs of three or more equal samples at full scale, on all channels.
    pub clipped_runs: u64,
    /// The longest of these runs.
    pub longest_clipped_run_samples: u64,
    /// Where the first of these runs begins.
    pub first_clipped_at_ms: Option<u64>,
    /// Runs of three or more equal samples at one extreme value that is not full scale.
    pub ceiling_runs: u64,
    /// That extreme value.
    pub ceiling_dbfs: Option<f64>,
    /// Where the first of these runs begins.
    pub first_ceiling_at_ms: Option<u64>,
    /// The mean of each channel's samples, as a fraction of full scale.
    pub dc_offset: Vec<f64>,
    /// The root mean square of each channel, without its offset; `None` where it is below -140 dBFS.
    pub channel_rms_dbfs: Vec<Option<f64>>,
    /// Of left with right, -1 to 1; `None` without two channels that have sound.
    pub stereo_correlation: Option<f64>,
    /// The level of (L-R)/2 against that of (L+R)/2, within ±200; `None` without two channels.
    pub side_level_db: Option<f64>,
    /// The level of (L+R)/2 against the channels' mean power, from -200 to 0; `None` without two channels.
    pub mono_level_db: Option<f64>,
    /// The greatest difference of a left and a right sample, as a fraction of full scale.
    pub largest_side_difference: Option<f64>,
    /// The highest absolute sample over the root mean square of all channels.
    pub crest_factor_db: Option<f64>,
    /// After the offline meter of the Pleasurize Music Foundation ("TT DR"), not rounded: blocks of 3 s,
    /// the second-highest peak over the RMS (a sine's counting as its peak) of the loudest fifth.
    pub dynamic_range_db: Option<f64>,
    /// The highest frequency with sound (above the noise of 16 bits) in at least 2 % of the moments.
    pub bandwidth_hz: Option<u32>,
    /// The median of the mean levels above 28 kHz, in dBFS for each 10 Hz (about); `None` if the rate has no such
    /// frequencies. The noise of a converter is near -140, that of 24 bits -178.
    pub ultrasound_db: Option<f64>,
    /// A steep edge above which there is nothing, at this frequency in most moments.
    pub cutoff_hz: Option<u32>,
    /// Where the mean spectrum begins to fall into that edge; a soft one ends some kilohertz higher.
    pub cutoff_onset_hz: Option<u32>,
    /// The mean height of that edge.
    pub cutoff_drop_db: Option<f64>,
    /// Of the moments whose sound reaches up to the edge, how many end there: 0 to 1.
    pub cutoff_share: Option<f64>,
    /// In how many moments (three per second) the edge was seen.
    pub cutoff_moments: u32,
    /// Bits of integer samples that are ever in use, of 24; `None` for floats, lossy sources and zeros.
    pub effective_bits: Option<u32>,
}

/// Measures [`Quality`] in one pass, in constant memory but for 4 bytes per channel and 3 seconds.
pub(crate) struct QualityMeter {
    rate_hz: u32,
    chunk: Chunk,
    silence: Silence,
    clipping: Clipping,
    offset: Offset,
    stereo: Stereo,
    dynamics: Dynamics,
    bandwidth: Bandwidth,
    bit_depth: BitDepth,
}

impl QualityMeter {
    /// `is_lossless`: the samples are those that the artist's program wrote, bit by bit.
    pub(crate) fn new(channels: usize, rate_hz: u32, is_lossless: bool) -> Self {
        Self {
            rate_hz,
            chunk: Chunk::new(channels),
            silence: Silence::new(),
            clipping: Clipping::new(channels),
            offset: Offset::new(channels),
            stereo: Stereo::default(),
            dynamics: Dynamics::new(channels, rate_hz),
            bandwidth: Bandwidth::new(channels, rate_hz),
            bit_depth: BitDepth::new(is_lossless),
        }
    }

    /// `block` is interleaved, ±1.0 is full scale; its size makes no difference.
    pub(crate) fn add(&mut self, mut block: &[f32]) {
        while block.len() >= self.chunk.channels() {
            block = self.chunk.fill(block);
            if self.chunk.is_full() {
                self.measure();
            }
        }
    }

    pub(crate) fn finish(mut self) -> Quality {
        if self.chunk.frames() > 0 {
            self.measure();
        }
        let frames = self.chunk.start;
        let ms = Milliseconds { rate_hz: self.rate_hz };
        let mut quality = Quality { duration_ms: ms.of(frames), ..Quality::default() };
        let (quiet, digital) = (self.silence.quiet(), self.silence.digital());
        quality.leading_silence_ms = ms.of(quiet.leading);
        quality.trailing_silence_ms = ms.of(quiet.trailing);
        quality.leading_zeros_ms = ms.of(digital.leading);
        quality.trailing_zeros_ms = ms.of(digital.trailing);
        quality.tell_clipping(self.clipping, ms);
        quality.tell_levels(&self.offset);
        quality.tell_stereo(&self.stereo);
        quality.dynamic_range_db = self.dynamics.finish();
        quality.tell_bandwidth(self.bandwidth);
        quality.effective_bits = self.bit_depth.finish();
        quality
    }

    fn measure(&mut self) {
        self.chunk.sum_up();
        self.silence.add(&self.chunk);
        self.clipping.add(&self.chunk);
        self.offset.add(&self.chunk);
        self.stereo.add(&self.chunk);
        self.dynamics.add(&self.chunk);
        self.bandwidth.add(&self.chunk);
        self.bit_depth.add(&self.chunk);
        self.chunk.clear();
    }
}

impl Quality {
    fn tell_clipping(&mut self, clipping: Clipping, ms: Milliseconds) {
        let clipped = clipping.finish();
        self.clipped_runs = clipped.at_full_scale.runs;
        self.longest_clipped_run_samples = clipped.at_full_scale.longest;
        self.first_clipped_at_ms = clipped.at_full_scale.first.map(|first| ms.of(first));
        if let Some((level, tally)) = clipped.at_ceiling {
            self.ceiling_runs = tally.runs;
            self.ceiling_dbfs = decibels(level * level);
            self.first_ceiling_at_ms = tally.first.map(|first| ms.of(first));
        }
    }

    fn tell_levels(&mut self, offset: &Offset) {
        let (powers, peak) = (offset.powers(), offset.peak());
        self.dc_offset = offset.means();
        self.sample_peak_dbfs = decibels(peak * peak);
        self.channel_rms_dbfs = powers.iter().map(|power| decibels(*power)).collect();
        let power = powers.iter().sum::<f64>() / powers.len().max(1) as f64;
        self.crest_factor_db = decibels(power).and_then(|rms| Some(self.sample_peak_dbfs? - rms));
    }

    fn tell_stereo(&mut self, stereo: &Stereo) {
        let Some(comparison) = stereo.finish() else { return };
        self.stereo_correlation = comparison.correlation;
        self.side_level_db = comparison.side_to_mid.map(ratio);
        self.mono_level_db = comparison.mono_to_stereo.map(ratio);
        self.largest_side_difference = Some(comparison.largest_difference);
    }

    fn tell_bandwidth(&mut self, bandwidth: Bandwidth) {
        let Some(reach) = bandwidth.finish() else { return };
        self.bandwidth_hz = Some(reach.bandwidth_hz.round() as u32);
        self.ultrasound_db = reach.ultrasound_db;
        let Some(cutoff) = reach.cutoff else { return };
        self.cutoff_hz = Some(cutoff.hz.round() as u32);
        self.cutoff_onset_hz = Some(cutoff.onset_hz.round() as u32);
        self.cutoff_drop_db = Some(cutoff.drop_db);
        self.cutoff_share = Some(cutoff.share);
        self.cutoff_moments = cutoff.moments;
    }
}

#[derive(Clone, Copy)]
struct Milliseconds {
    rate_hz: u32,
}

impl Milliseconds {
    /// How long so many frames last, rounded down.
    fn of(self, frames: u64) -> u64 {
        let ms = u128::from(frames) * 1_000 / u128::from(self.rate_hz.max(1));
        u64::try_from(ms).unwrap_or(u64::MAX)
    }
}

/// Of a mean square; `None` where it is nothing but rounding.
fn decibels(power: f64) -> Option<f64> {
    (power > 1e-14).then(|| 10.0 * power.log10())
}

/// Of two powers.
fn ratio(power: f64) -> f64 {
    (10.0 * power.log10()).clamp(-200.0, 200.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(samples: &[f32], channels: usize, rate_hz: u32, block: usize) -> Quality {
        let mut meter = QualityMeter::new(channels, rate_hz, true);
        samples.chunks(block * channels).for_each(|block| meter.add(block));
        meter.finish()
    }

    /// Noise between -1 and 1, of `seed`.
    fn noise(length: usize, mut seed: u32) -> Vec<f32> {
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / 8_388_608.0 - 1.0
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn the_size_of_the_blocks_makes_no_difference() {
        for channels in [1, 2, 6] {
            let samples: Vec<f32> =
                noise(70_001 * channels, 1).iter().map(|sample| (sample * 1.2).clamp(-1.0, 1.0)).collect();
            let whole = measure(&samples, channels, 48_000, 70_001);
            assert!(whole.clipped_runs > 0 && whole.bandwidth_hz.is_some());
            for block in [1, 100, 1_024, 4_096] {
                assert_eq!(measure(&samples, channels, 48_000, block), whole, "blocks of {block}");
            }
        }
    }

    #[test]
    fn anything_can_be_measured_and_every_number_is_finite() {
        for rate_hz in [1, 8_000, 44_100, 384_000] {
            for channels in 1..=8 {
                for frames in [0, 1, 17, 1_024, 20_000] {
                    for gain in [0.0, 1e-30, 0.5, 64.0] {
                        let samples: Vec<f32> =
                            noise(frames * channels, 7).iter().map(|sample| sample * gain).collect();
                        let quality = measure(&samples, channels, rate_hz, 1_000);
                        let json = serde_json::to_string(&quality).unwrap();
                        let back: serde_json::Value = serde_json::from_str(&json).unwrap();
                        assert_eq!(back["dc_offset"].as_array().unwrap().len(), channels);
                        assert!(back["dc_offset"][0].is_f64(), "{json}");
                        assert_eq!(quality.sample_peak_dbfs.is_some(), frames > 0 && gain > 1e-9, "{json}");
                        let numbers = [quality.crest_factor_db, quality.dynamic_range_db, quality.side_level_db];
                        assert!(numbers.iter().flatten().all(|number| number.is_finite()), "{json}");
                    }
                }
            }
        }
    }

    #[test]
    fn levels_and_offset_are_those_of_the_wave() {
        let sine = |n: u32, peak: f64| (peak * (f64::from(n) * std::f64::consts::TAU / 48.0).sin()) as f32;
        let samples: Vec<f32> = (0..480_000).flat_map(|n| [sine(n, 0.5) + 0.02, sine(n, 0.25) - 0.01]).collect();
        let quality = measure(&samples, 2, 48_000, 4_096);
        let close = |value: f64, expected: f64| assert!((value - expected).abs() < 0.01, "{value} for {expected}");
        assert!(
            (quality.dc_offset[0] - 0.02).abs() < 1e-5 && (quality.dc_offset[1] + 0.01).abs() < 1e-5,
            "{quality:?}"
        );
        close(quality.channel_rms_dbfs[0].unwrap(), -9.03);
        close(quality.channel_rms_dbfs[1].unwrap(), -15.05);
        close(quality.sample_peak_dbfs.unwrap(), 20.0 * 0.52f64.log10());
        assert_eq!((quality.duration_ms, quality.leading_silence_ms), (10_000, 0));
    }
}
