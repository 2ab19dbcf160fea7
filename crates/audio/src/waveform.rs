use serde::{Deserialize, Serialize};

/// The shape of a track, for drawing: equal parts from its first to its last frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waveform {
    /// The highest absolute sample of all channels in each part; 255 is full scale or above.
    /// [`Waveform::PARTS`] values.
    pub peaks: Vec<u8>,
}

impl Waveform {
    /// How many parts a track has, however long it is.
    pub const PARTS: usize = 1_800;
}

/// Collects peaks of a track whose length is not known, in constant memory.
///
/// Peaks are kept for spans of equal width. When there are too many, neighbours are merged and the
/// width doubles, so that a part of the result is covered by at least eight spans.
pub(crate) struct Peaks {
    channels: usize,
    spans: Vec<f32>,
    /// Frames in a span.
    width: u64,
    /// Frames in the last span.
    filled: u64,
    frames: u64,
}

const MAX_SPANS: usize = 16 * Waveform::PARTS;

impl Peaks {
    pub(crate) fn new(channels: usize) -> Self {
        Self { channels, spans: vec![0.0], width: 1, filled: 0, frames: 0 }
    }

    /// `block` is interleaved.
    pub(crate) fn add(&mut self, mut block: &[f32]) {
        while !block.is_empty() {
            if self.filled == self.width {
                self.open_span();
            }
            let frames = (self.width - self.filled).min((block.len() / self.channels) as u64);
            let (span, rest) = block.split_at(frames as usize * self.channels);
            let peak = span.iter().fold(0f32, |peak, sample| peak.max(sample.abs()));
            if let Some(last) = self.spans.last_mut() {
                *last = last.max(peak);
            }
            self.filled += frames;
            self.frames += frames;
            block = rest;
        }
    }

    pub(crate) fn finish(self) -> Waveform {
        let peaks = (0..Waveform::PARTS as u64).map(|part| quantise(self.peak_of(part))).collect();
        Waveform { peaks }
    }

    fn open_span(&mut self) {
        if self.spans.len() == MAX_SPANS {
            self.spans = self.spans.chunks(2).map(|pair| pair.iter().copied().fold(0.0, f32::max)).collect();
            self.width *= 2;
        }
        self.spans.push(0.0);
        self.filled = 0;
    }

    fn peak_of(&self, part: u64) -> f32 {
        let parts = Waveform::PARTS as u64;
        let start = part * self.frames / parts;
        // A part of a very short track still shows the frame it lies in.
        let end = ((part + 1) * self.frames).div_ceil(parts).max(start + 1);
        let spans = (start / self.width) as usize..end.div_ceil(self.width) as usize;
        let spans = self.spans.get(spans.start..spans.end.min(self.spans.len())).unwrap_or_default();
        spans.iter().copied().fold(0.0, f32::max)
    }
}

fn quantise(peak: f32) -> u8 {
    (peak * 255.0).round().min(255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waveform_of(samples: &[f32], channels: usize, block: usize) -> Waveform {
        let mut peaks = Peaks::new(channels);
        samples.chunks(block * channels).for_each(|block| peaks.add(block));
        peaks.finish()
    }

    #[test]
    fn a_ramp_stays_a_ramp_at_any_length_and_block_size() {
        for (frames, block) in [(1_800, 7), (99_999, 1_024), (1_234_567, 4_096)] {
            let ramp: Vec<f32> = (0..frames).map(|frame| -(frame as f32) / frames as f32).collect();
            let peaks = waveform_of(&ramp, 1, block).peaks;
            assert_eq!(peaks.len(), Waveform::PARTS);
            for (part, peak) in peaks.iter().enumerate() {
                let expected = (part + 1) as f32 / Waveform::PARTS as f32 * 255.0;
                assert!(
                    (f32::from(*peak) - expected).abs() <= 1.0,
                    "{frames} frames, part {part}: {peak} for {expected}"
                );
            }
        }
    }

    #[test]
    fn one_loud_sample_lights_up_its_place_only() {
        let mut samples = vec![0.0; 2 * 500_000];
        samples[2 * 250_130 + 1] = 1.0; // inside part 900, which begins at frame 250,000
        let peaks = waveform_of(&samples, 2, 1_000).peaks;
        assert_eq!(peaks[900], 255);
        assert_eq!(peaks.iter().filter(|peak| **peak > 0).count(), 1);
    }

    #[test]
    fn a_track_of_one_sample_is_all_that_sample() {
        assert!(waveform_of(&[0.5], 1, 1).peaks.iter().all(|peak| *peak == 128));
        assert!(waveform_of(&[], 1, 1).peaks.iter().all(|peak| *peak == 0));
    }
}
