use crate::decimate::Decimator;
use pulp::{Arch, Simd, WithSimd};
use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::TAU;
use std::ops::Range;
use std::sync::Arc;

/// How strong each of the twelve semitones from A to G sharp is, over all octaves.
pub(super) type Chroma = [f64; 12];

/// Turns samples at 11,025 Hz into a chroma per frame of 4,096 samples, every 1,365 samples.
///
/// Two frames at a time, one in the real and one in the imaginary part: that takes less than two transforms of real numbers,
/// which work out all of a spectrum, and a chroma needs a third of it.
pub(super) struct Spectrum {
    fft: Arc<dyn Fft<f32>>,
    window: Vec<f32>,
    /// The bins from [`LOWEST_HZ`] to [`HIGHEST_HZ`], those of a semitone together.
    semitones: Vec<(Range<usize>, u8)>,
    /// Samples of two frames that are not complete, in steps of 16 bits.
    samples: Vec<f32>,
    bins: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

const FRAME: usize = 4_096;
/// A third of a frame: the overlap is two thirds.
const HOP: usize = FRAME / 3;
/// What two frames need.
const PAIR: usize = FRAME + HOP;
const LOWEST_HZ: f64 = 28.0;
const HIGHEST_HZ: f64 = 3_520.0;
const LOWEST_A_HZ: f64 = 27.5;

impl Spectrum {
    pub(super) fn new() -> Self {
        let fft = FftPlanner::new().plan_fft_forward(FRAME);
        Self {
            window: hamming(),
            semitones: semitones(),
            samples: Vec::with_capacity(PAIR),
            bins: vec![Complex32::default(); FRAME],
            scratch: vec![Complex32::default(); fft.get_inplace_scratch_len()],
            fft,
        }
    }

    /// Calls `frame` with the chroma of each frame that becomes complete, or is complete beside another.
    pub(super) fn add(&mut self, mut mono: &[f32], mut frame: impl FnMut(Chroma)) {
        while !mono.is_empty() {
            let (taken, rest) = mono.split_at(mono.len().min(PAIR - self.samples.len()));
            self.samples.extend(taken.iter().map(|sample| in_steps(*sample)));
            mono = rest;
            if self.samples.len() == PAIR {
                self.chromas().into_iter().for_each(&mut frame);
                self.samples.drain(..2 * HOP);
            }
        }
    }

    /// Calls `frame` with what is complete, but waited for another.
    pub(super) fn finish(mut self, frame: impl FnOnce(Chroma)) {
        if self.samples.len() >= FRAME {
            self.samples.resize(PAIR, 0.0);
            let [first, _] = self.chromas();
            frame(first);
        }
    }

    fn chromas(&mut self) -> [Chroma; 2] {
        Arch::new().dispatch(Windowed { bins: &mut self.bins, samples: &self.samples, window: &self.window });
        self.fft.process_with_scratch(&mut self.bins, &mut self.scratch);
        Arch::new().dispatch(Folded { bins: &self.bins, semitones: &self.semitones })
    }
}

/// A frame in the real parts, the next one in the imaginary ones.
struct Windowed<'a> {
    bins: &'a mut [Complex32],
    samples: &'a [f32],
    window: &'a [f32],
}

impl WithSimd for Windowed<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let frames = self.samples[..FRAME].iter().zip(&self.samples[HOP..]);
        for ((bin, weight), (first, second)) in self.bins.iter_mut().zip(self.window).zip(frames) {
            *bin = Complex32::new(first * weight, second * weight);
        }
    }
}

/// The power of both frames: what one has is the same in a bin and in its mirror, what the other has is turned around.
struct Folded<'a> {
    bins: &'a [Complex32],
    semitones: &'a [(Range<usize>, u8)],
}

impl WithSimd for Folded<'_> {
    type Output = [Chroma; 2];

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> [Chroma; 2] {
        let mut chromas = [Chroma::default(); 2];
        for (bins, semitone) in self.semitones {
            let mirrored = &self.bins[FRAME + 1 - bins.end..FRAME + 1 - bins.start];
            let powers = powers(&self.bins[bins.clone()], mirrored);
            chromas.iter_mut().zip(powers).for_each(|(chroma, power)| chroma[usize::from(*semitone)] += power);
        }
        chromas
    }
}

/// Summed up in doubles, for a loud bin must not swallow quiet ones.
#[inline(always)]
fn powers(bins: &[Complex32], mirrored: &[Complex32]) -> [f64; 2] {
    let mut sums = [0.0; 2];
    for (bin, mirror) in bins.iter().zip(mirrored.iter().rev()) {
        let (even, odd) = (bin + mirror.conj(), bin - mirror.conj());
        sums[0] += f64::from(even.norm_sqr());
        sums[1] += f64::from(odd.norm_sqr());
    }
    sums.map(|sum| sum / 4.0)
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

/// Bins that lie beside each other, of one semitone each.
fn semitones() -> Vec<(Range<usize>, u8)> {
    let mut semitones: Vec<(Range<usize>, u8)> = Vec::new();
    for bin in bin_of(LOWEST_HZ)..bin_of(HIGHEST_HZ) {
        let semitone = semitone(bin);
        match semitones.last_mut() {
            Some((bins, last)) if *last == semitone => bins.end = bin + 1,
            _ => semitones.push((bin..bin + 1, semitone)),
        }
    }
    semitones
}

fn semitone(bin: usize) -> u8 {
    let hz = bin as f64 * f64::from(Decimator::RATE_HZ) / FRAME as f64;
    let octaves = (hz / LOWEST_A_HZ).log2();
    (12.0 * (octaves - octaves.floor())) as u8
}
