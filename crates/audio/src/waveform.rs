mod file;

use serde::{Deserialize, Serialize};

/// The shape of a track, for drawing: equal parts from its first to its last frame, in three resolutions.
///
/// [`Waveform::to_bytes`] is the file that it is kept in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waveform {
    /// From the coarsest to the finest, as in [`Waveform::PARTS`].
    pub levels: Vec<WaveformLevel>,
}

/// One resolution: three numbers for each part, all channels together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveformLevel {
    /// The lowest sample; -127 is full scale or below.
    pub low: Vec<i8>,
    /// The highest sample; 127 is full scale or above.
    pub high: Vec<i8>,
    /// The root mean square; 255 is full scale or above.
    pub rms: Vec<u8>,
}

impl Waveform {
    /// How many parts a track has in each resolution, however long it is: for a thumbnail, for a page, and for looking closely.
    pub const PARTS: [usize; 3] = [225, 1_800, 7_200];
}

impl WaveformLevel {
    /// How many parts there are.
    pub fn parts(&self) -> usize {
        self.low.len()
    }

    /// The highest absolute sample of each part; 255 is full scale or above.
    pub fn peaks(&self) -> Vec<u8> {
        let peak = |(low, high): (&i8, &i8)| {
            let peak = u16::from(low.unsigned_abs().max(high.unsigned_abs()));
            ((peak * 255 + 63) / 127).min(255) as u8
        };
        self.low.iter().zip(&self.high).map(peak).collect()
    }
}

/// Collects the shape of a track whose length is not known, in constant memory.
///
/// It is kept for spans of equal width. When there are too many, neighbours are merged and the width doubles, so that a
/// part of the finest resolution is covered by at least four spans.
pub(crate) struct Shape {
    channels: usize,
    spans: Vec<Span>,
    /// Frames in a span.
    width: u64,
    /// Frames in the last span.
    filled: u64,
    frames: u64,
}

#[derive(Clone, Copy, Default)]
struct Span {
    low: f32,
    high: f32,
    /// Of all samples.
    squares: f32,
}

const FINEST: usize = Waveform::PARTS[2];
const MAX_SPANS: usize = 8 * FINEST;

impl Shape {
    pub(crate) fn new(channels: usize) -> Self {
        Self { channels, spans: vec![Span::default()], width: 1, filled: 0, frames: 0 }
    }

    /// `block` is interleaved.
    pub(crate) fn add(&mut self, mut block: &[f32]) {
        while !block.is_empty() {
            if self.filled == self.width {
                self.open_span();
            }
            let frames = (self.width - self.filled).min((block.len() / self.channels) as u64);
            let (samples, rest) = block.split_at(frames as usize * self.channels);
            let span = Span::of(samples);
            if let Some(last) = self.spans.last_mut() {
                // A span is the first of its own; zero is no sample of it.
                *last = if self.filled == 0 { span } else { last.with(&span) };
            }
            self.filled += frames;
            self.frames += frames;
            block = rest;
        }
    }

    pub(crate) fn finish(self) -> Waveform {
        Waveform { levels: Waveform::PARTS.iter().map(|parts| self.level(*parts as u64)).collect() }
    }

    fn open_span(&mut self) {
        if self.spans.len() == MAX_SPANS {
            let merged = self.spans.chunks(2).map(|pair| pair.iter().skip(1).fold(pair[0], |sum, span| sum.with(span)));
            self.spans = merged.collect();
            self.width *= 2;
        }
        self.spans.push(Span::default());
        self.filled = 0;
    }

    fn level(&self, parts: u64) -> WaveformLevel {
        let mut level = WaveformLevel::default();
        for part in 0..parts {
            let (span, samples) = self.part(part, parts);
            level.low.push((span.low.clamp(-1.0, 1.0) * 127.0).round() as i8);
            level.high.push((span.high.clamp(-1.0, 1.0) * 127.0).round() as i8);
            let rms = (f64::from(span.squares) / samples.max(1) as f64).sqrt();
            level.rms.push((rms * 255.0).round().min(255.0) as u8);
        }
        level
    }

    /// The spans that a part touches, as one, and the number of samples in them.
    fn part(&self, part: u64, parts: u64) -> (Span, u64) {
        let start = part * self.frames / parts;
        // A part of a very short track still shows the frame it lies in.
        let end = ((part + 1) * self.frames).div_ceil(parts).max(start + 1);
        let (first, last) = (start / self.width, end.div_ceil(self.width).min(self.spans.len() as u64));
        let spans = self.spans.get(first as usize..last as usize).unwrap_or_default();
        let Some((one, others)) = spans.split_first() else { return (Span::default(), 0) };
        let frames = (last * self.width).min(self.frames).saturating_sub(first * self.width);
        (others.iter().fold(*one, |sum, span| sum.with(span)), frames * self.channels as u64)
    }
}

impl Span {
    /// In eight lanes, which the compiler turns into vectors.
    fn of(samples: &[f32]) -> Self {
        let first = samples.first().copied().unwrap_or_default();
        let (mut low, mut high, mut squares) = ([first; 8], [first; 8], [0f32; 8]);
        let (lanes, rest) = samples.as_chunks::<8>();
        for eight in lanes {
            for lane in 0..8 {
                let sample = eight[lane];
                low[lane] = if sample < low[lane] { sample } else { low[lane] };
                high[lane] = if sample > high[lane] { sample } else { high[lane] };
                squares[lane] += sample * sample;
            }
        }
        let mut span = Self {
            low: low.into_iter().fold(first, f32::min),
            high: high.into_iter().fold(first, f32::max),
            squares: squares.iter().sum(),
        };
        for sample in rest {
            span = span.with(&Self { low: *sample, high: *sample, squares: sample * sample });
        }
        span
    }

    fn with(&self, other: &Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high), squares: self.squares + other.squares }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waveform_of(samples: &[f32], channels: usize, block: usize) -> Waveform {
        let mut shape = Shape::new(channels);
        samples.chunks(block * channels).for_each(|block| shape.add(block));
        shape.finish()
    }

    #[test]
    fn a_ramp_stays_a_ramp_at_any_length_and_block_size() {
        for (frames, block) in [(1_800, 7), (99_999, 1_024), (1_234_567, 4_096)] {
            let ramp: Vec<f32> = (0..frames).map(|frame| -(frame as f32) / frames as f32).collect();
            for (level, parts) in waveform_of(&ramp, 1, block).levels.iter().zip(Waveform::PARTS) {
                assert_eq!((level.parts(), level.high.len(), level.rms.len()), (parts, parts, parts));
                for (part, low) in level.low.iter().enumerate() {
                    let (lowest, middle) = ((part + 1) as f32 / parts as f32, (part as f32 + 0.5) / parts as f32);
                    let what = format!("{frames} frames, part {part} of {parts}");
                    assert!((-f32::from(*low) - lowest * 127.0).abs() <= 1.0, "{what}: {low}");
                    assert!((f32::from(level.rms[part]) - middle * 255.0).abs() <= 2.0, "{what}: {}", level.rms[part]);
                    assert!(f32::from(level.high[part]) <= 0.0, "{what}");
                }
            }
        }
    }

    #[test]
    fn one_loud_sample_lights_up_its_place_only() {
        let mut samples = vec![0.0; 2 * 500_000];
        samples[2 * 250_100 + 1] = 1.0; // well inside part 900 of 1,800 and 3,601 of 7,200
        let levels = waveform_of(&samples, 2, 1_000).levels;
        let peaks = levels[1].peaks();
        assert_eq!((peaks[900], levels[1].high[900], levels[1].low[900]), (255, 127, 0));
        for level in &levels {
            assert_eq!(level.peaks().iter().filter(|peak| **peak > 0).count(), 1);
        }
    }

    #[test]
    fn the_root_mean_square_of_a_square_wave_is_its_height() {
        let square: Vec<f32> = (0..200_000).map(|n| if n / 20 % 2 == 0 { 0.5 } else { -0.5 }).collect();
        for level in waveform_of(&square, 1, 777).levels {
            assert!(level.rms.iter().all(|rms| (127..=128).contains(rms)));
            assert!(level.low.iter().all(|low| *low == -64) && level.high.iter().all(|high| *high == 64));
        }
    }

    #[test]
    fn a_track_of_one_sample_is_all_that_sample() {
        let levels = waveform_of(&[0.5], 1, 1).levels;
        assert!(levels.iter().all(|level| level.peaks().iter().all(|peak| *peak == 129)));
        assert!(levels.iter().all(|level| level.low.iter().all(|low| *low == 64)));
        assert!(waveform_of(&[], 1, 1).levels[1].peaks().iter().all(|peak| *peak == 0));
    }
}
