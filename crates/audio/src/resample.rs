use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, ResampleError, Resampler, ResamplerConstructionError, WindowFunction};

/// Interleaved samples at any rate into interleaved samples at 48 kHz.
pub(crate) enum Resample {
    /// The source has 48 kHz already.
    Untouched,
    Fft(Box<FftStage>),
}

pub(crate) const RATE_HZ: u32 = 48_000;

/// Whether a rate has enough in common with 48 kHz: 383,987 Hz, which no device has, would take a block of
/// two seconds and 60 MiB.
pub(crate) fn is_practical(rate_hz: u32) -> bool {
    unit(rate_hz) <= MAX_UNIT
}

/// Frames in at `rate_hz`, frames out at 48 kHz.
pub(crate) fn output_frames(frames: u64, rate_hz: u32) -> u64 {
    (u128::from(frames) * u128::from(RATE_HZ)).div_ceil(u128::from(rate_hz)) as u64
}

impl Resample {
    pub(crate) fn new(rate_hz: u32, channels: usize) -> Result<Self, ResamplerConstructionError> {
        match rate_hz {
            RATE_HZ => Ok(Self::Untouched),
            _ => Ok(Self::Fft(Box::new(FftStage::new(rate_hz, channels)?))),
        }
    }

    /// Append what is ready to `out`.
    pub(crate) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), ResampleError> {
        match self {
            Self::Untouched => out.extend_from_slice(samples),
            Self::Fft(stage) => {
                stage.input.extend_from_slice(samples);
                stage.drain(out)?;
            }
        }
        Ok(())
    }

    /// Append the rest to `out`, so that `total` frames have come out since the beginning.
    pub(crate) fn finish(&mut self, total: u64, out: &mut Vec<f32>) -> Result<(), ResampleError> {
        match self {
            Self::Untouched => Ok(()),
            Self::Fft(stage) => stage.finish(total, out),
        }
    }
}

pub(crate) struct FftStage {
    inner: Fft<f32>,
    channels: usize,
    input: Vec<f32>,
    output: Vec<f32>,
    /// Frames of the filter's delay that still have to be dropped.
    delay: usize,
    produced: u64,
}

/// A block shorter than this has too wide a transition band.
const MIN_BLOCK: u32 = 1_024;
const MAX_UNIT: u32 = 96_000;

impl FftStage {
    fn new(rate_hz: u32, channels: usize) -> Result<Self, ResamplerConstructionError> {
        let unit = unit(rate_hz);
        // An even number of units makes the delay a whole number of frames on both sides. Rates that share
        // little with 48 kHz have units of many thousand frames; one is enough then.
        let units = if unit > 8 * MIN_BLOCK { 1 } else { MIN_BLOCK.div_ceil(unit).next_multiple_of(2) };
        let block = (unit * units) as usize;
        let window = WindowFunction::BlackmanHarris2;
        let inner = Fft::new_custom(rate_hz as usize, RATE_HZ as usize, block, 1, channels, window, FixedSync::Both)?;
        let output = vec![0.0; inner.output_frames_max() * channels];
        let delay = inner.output_delay();
        Ok(Self { inner, channels, input: Vec::new(), output, delay, produced: 0 })
    }

    fn drain(&mut self, out: &mut Vec<f32>) -> Result<(), ResampleError> {
        let mut used = 0;
        while self.input.len() / self.channels - used >= self.inner.input_frames_next() {
            used += self.step(used, None, out)?;
        }
        self.input.drain(..used * self.channels);
        Ok(())
    }

    fn finish(&mut self, total: u64, out: &mut Vec<f32>) -> Result<(), ResampleError> {
        let mut left = self.input.len() / self.channels;
        while self.produced < total {
            self.step(0, Some(left), out)?;
            self.input.clear();
            left = 0;
        }
        let excess = (self.produced - total) as usize * self.channels;
        out.truncate(out.len() - excess);
        self.produced = total;
        Ok(())
    }

    /// Process one block of the input from frame `offset` on; with `partial`, only that many frames are
    /// there and silence follows.
    fn step(&mut self, offset: usize, partial: Option<usize>, out: &mut Vec<f32>) -> Result<usize, ResampleError> {
        let indexing = Indexing { input_offset: offset, partial_len: partial, ..Default::default() };
        let frames_in = self.input.len() / self.channels;
        let frames_out = self.output.len() / self.channels;
        let input = InterleavedSlice::new(&self.input, self.channels, frames_in).map_err(|_| short(frames_in))?;
        let mut output =
            InterleavedSlice::new_mut(&mut self.output, self.channels, frames_out).map_err(|_| short(frames_out))?;
        let (read, written) = self.inner.process_into_buffer(&input, &mut output, Some(&indexing))?;
        let dropped = self.delay.min(written);
        self.delay -= dropped;
        self.produced += (written - dropped) as u64;
        out.extend_from_slice(&self.output[dropped * self.channels..written * self.channels]);
        Ok(read)
    }
}

fn short(frames: usize) -> ResampleError {
    ResampleError::InsufficientInputBufferSize { expected: frames, actual: frames }
}

/// The fewest frames that make a whole number of frames at 48 kHz.
pub(crate) fn unit(rate_hz: u32) -> u32 {
    rate_hz / gcd(rate_hz, RATE_HZ)
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn sine(rate_hz: u32, frames: u64, hz: f64) -> Vec<f32> {
        (0..frames).map(|n| (0.5 * (TAU * hz * n as f64 / f64::from(rate_hz)).sin()) as f32).collect()
    }

    fn resampled(input: &[f32], rate_hz: u32, piece: usize) -> Vec<f32> {
        let (mut resample, mut out) = (Resample::new(rate_hz, 1).expect("a valid rate"), Vec::new());
        input.chunks(piece).for_each(|piece| resample.push(piece, &mut out).expect("samples are accepted"));
        resample.finish(output_frames(input.len() as u64, rate_hz), &mut out).expect("samples are accepted");
        out
    }

    #[test]
    fn a_sine_stays_in_place_at_every_rate() {
        for rate_hz in [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000] {
            let frames = u64::from(rate_hz);
            let out = resampled(&sine(rate_hz, frames, 440.0), rate_hz, 1_000);
            assert_eq!(out.len() as u64, output_frames(frames, rate_hz));
            let expected = sine(RATE_HZ, out.len() as u64, 440.0);
            let worst =
                out[2_000..46_000].iter().zip(&expected[2_000..46_000]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 0.001, "{rate_hz} Hz is off by {worst}");
        }
    }

    #[test]
    fn the_length_is_exact_for_any_length() {
        for frames in [1, 2, 146, 147, 148, 5_000, 44_101] {
            let out = resampled(&sine(44_100, frames, 100.0), 44_100, 333);
            assert_eq!(out.len() as u64, (frames * 48_000).div_ceil(44_100));
        }
    }
}
