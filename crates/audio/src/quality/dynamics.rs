use crate::quality::chunk::Chunk;

/// The dynamic range, as the offline meter of the Pleasurize Music Foundation ("TT DR") defines it.
///
/// The track is cut into blocks of three seconds. Of each channel, the range is the second-highest of
/// the blocks' peaks over the root mean square of the loudest fifth of the blocks, where a sine counts
/// by its peak (AES17, +3.01 dB). The track's range is the mean of its channels'.
pub(crate) struct Dynamics {
    channels: Vec<Channel>,
    /// Frames in a block.
    width: u64,
    /// Frames in the block that is being measured.
    filled: u64,
}

#[derive(Clone, Default)]
struct Channel {
    /// The mean square of each block: 4 bytes per 3 seconds.
    powers: Vec<f32>,
    /// The highest and the second-highest of the blocks' peaks.
    peaks: [f32; 2],
    energy: f64,
    peak: f32,
}

impl Dynamics {
    pub(crate) fn new(channels: usize, rate_hz: u32) -> Self {
        Self { channels: vec![Channel::default(); channels], width: u64::from(rate_hz) * 3, filled: 0 }
    }

    /// Blocks end where chunks do, so that they may be longer than three seconds by a chunk.
    pub(crate) fn add(&mut self, chunk: &Chunk) {
        for (channel, (_, totals)) in self.channels.iter_mut().zip(chunk.planes()) {
            channel.energy += totals.energy;
            channel.peak = channel.peak.max(totals.peak());
        }
        self.filled += chunk.frames() as u64;
        if self.filled >= self.width {
            self.end_block();
        }
    }

    /// In dB; `None` for silence.
    pub(crate) fn finish(mut self) -> Option<f64> {
        // The rest of a track counts if it is long enough to be like a block, or all there is.
        let is_first = self.channels.iter().all(|channel| channel.powers.is_empty());
        if self.filled >= self.width / 3 || (is_first && self.filled > 0) {
            self.end_block();
        }
        let ranges: Vec<f64> = self.channels.iter_mut().filter_map(Channel::range).collect();
        (!ranges.is_empty()).then(|| ranges.iter().sum::<f64>() / ranges.len() as f64)
    }

    fn end_block(&mut self) {
        for channel in &mut self.channels {
            channel.end_block(self.filled);
        }
        self.filled = 0;
    }
}

impl Channel {
    fn end_block(&mut self, frames: u64) {
        self.powers.push((self.energy / frames.max(1) as f64) as f32);
        let [first, second] = self.peaks;
        self.peaks = [first.max(self.peak), second.max(self.peak.min(first))];
        self.energy = 0.0;
        self.peak = 0.0;
    }

    fn range(&mut self) -> Option<f64> {
        let loudest = self.powers.len().div_ceil(5);
        self.powers.sort_unstable_by(|a, b| b.total_cmp(a));
        let loud = self.powers.get(..loudest)?;
        let power = 2.0 * loud.iter().map(|power| f64::from(*power)).sum::<f64>() / loudest.max(1) as f64;
        let [first, second] = self.peaks.map(f64::from);
        // A track of one block, or of one bang, has no second peak.
        let peak = if second > 0.0 { second } else { first };
        (power > 0.0 && peak > 0.0).then(|| 20.0 * peak.log10() - 10.0 * power.log10())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range_of(samples: &[f32]) -> Option<f64> {
        let (mut dynamics, mut chunk) = (Dynamics::new(1, 8_000), Chunk::new(1));
        let mut rest = samples;
        while !rest.is_empty() {
            rest = chunk.fill(rest);
            chunk.sum_up();
            dynamics.add(&chunk);
            chunk.clear();
        }
        dynamics.finish()
    }

    fn sine(frames: usize, peak: f32) -> Vec<f32> {
        (0..frames).map(|n| peak * (n as f32 * 0.7).sin()).collect()
    }

    #[test]
    fn a_sine_has_no_range_and_a_square_less() {
        assert!(range_of(&sine(240_000, 0.5)).unwrap().abs() < 0.05);
        let square: Vec<f32> = sine(240_000, 0.5).iter().map(|sample| 0.5f32.copysign(*sample)).collect();
        assert!((range_of(&square).unwrap() + 3.01).abs() < 0.05);
    }

    #[test]
    fn the_loudest_fifth_and_the_second_peak_count() {
        // Ten blocks: two loud ones, eight that are 20 dB softer; one bang of 1.0, two of 0.8.
        let mut samples = sine(48_000, 0.1);
        samples.extend(sine(192_000, 0.01));
        samples[100_000] = 1.0;
        samples[130_000] = 0.8;
        samples[180_000] = 0.8;
        let range = range_of(&samples).unwrap();
        // Of the blocks, whose bounds lie up to a chunk later, the third begins with a bit of the loud part.
        assert!((range - 20.0 * (0.8f64 / 0.1).log10()).abs() < 0.3, "{range}");
    }

    #[test]
    fn short_and_silent_tracks_have_an_answer() {
        assert!(range_of(&[0.5]).unwrap().abs() < 3.1);
        assert_eq!(range_of(&[0.0; 100]), None);
        assert_eq!(range_of(&[]), None);
    }
}
