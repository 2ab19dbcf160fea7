use crate::decimate::Decimator;
use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};
use std::f64::consts::TAU;
use std::sync::Arc;

/// How strong each of the twelve semitones from A to G sharp is, over all octaves.
pub(super) type Chroma = [f64; 12];

/// Turns samples at 11,025 Hz into a chroma per frame of 4,096 samples, every 1,365 samples.
pub(super) struct Spectrum {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    /// The semitone of each bin from [`LOWEST_HZ`] to [`HIGHEST_HZ`].
    semitones: Vec<u8>,
    /// Samples of a frame that is not complete, in steps of 16 bits.
    samples: Vec<f32>,
    windowed: Vec<f32>,
    bins: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

const FRAME: usize = 4_096;
/// A third of a frame: the overlap is two thirds.
const HOP: usize = FRAME / 3;
const LOWEST_HZ: f64 = 28.0;
const HIGHEST_HZ: f64 = 3_520.0;
const LOWEST_A_HZ: f64 = 27.5;

impl Spectrum {
    pub(super) fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(FRAME);
        Self {
            window: hamming(),
            semitones: (bin_of(LOWEST_HZ)..bin_of(HIGHEST_HZ)).map(semitone).collect(),
            samples: Vec::with_capacity(FRAME),
            windowed: fft.make_input_vec(),
            bins: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            fft,
        }
    }

    /// Calls `frame` with the chroma of each frame that becomes complete.
    pub(super) fn add(&mut self, mut mono: &[f32], mut frame: impl FnMut(Chroma)) {
        while !mono.is_empty() {
            let (taken, rest) = mono.split_at(mono.len().min(FRAME - self.samples.len()));
            self.samples.extend(taken.iter().map(|sample| in_steps(*sample)));
            mono = rest;
            if self.samples.len() == FRAME {
                frame(self.chroma());
                self.samples.drain(..HOP);
            }
        }
    }

    fn chroma(&mut self) -> Chroma {
        for ((to, sample), weight) in self.windowed.iter_mut().zip(&self.samples).zip(&self.window) {
            *to = sample * weight;
        }
        // It fails only for slices of a wrong length; these are the plan's own.
        let result = self.fft.process_with_scratch(&mut self.windowed, &mut self.bins, &mut self.scratch);
        debug_assert!(result.is_ok());
        let mut chroma = Chroma::default();
        for (bin, semitone) in self.bins[bin_of(LOWEST_HZ)..].iter().zip(&self.semitones) {
            chroma[usize::from(*semitone)] += f64::from(bin.norm_sqr());
        }
        chroma
    }
}

/// fpcalc measures 16-bit samples. In quiet passages the rounding is heard.
fn in_steps(sample: f32) -> f32 {
    // Added to a number below 2^22 and taken away again, this leaves the nearest whole number (of two, the
    // even one) without a call of `round_ties_even` for each sample.
    const WHOLE: f32 = 1.5 * (1 << 23) as f32;
    let steps = (sample * 32_768.0).clamp(-32_768.0, 32_767.0);
    steps + WHOLE - WHOLE
}

/// Scales 16-bit steps down to ±1 as well.
fn hamming() -> Vec<f32> {
    let turn = TAU / (FRAME - 1) as f64;
    (0..FRAME).map(|n| ((0.54 - 0.46 * (turn * n as f64).cos()) / 32_767.0) as f32).collect()
}

fn bin_of(hz: f64) -> usize {
    (hz * FRAME as f64 / f64::from(Decimator::RATE_HZ)).round() as usize
}

fn semitone(bin: usize) -> u8 {
    let hz = bin as f64 * f64::from(Decimator::RATE_HZ) / FRAME as f64;
    let octaves = (hz / LOWEST_A_HZ).log2();
    (12.0 * (octaves - octaves.floor())) as u8
}
