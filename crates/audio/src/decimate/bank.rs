use super::dot::{Dot, Plain, Sums, Wide};
use pulp::{Arch, Simd, WithSimd};
use std::f64::consts::PI;

/// A polyphase filter bank for one or two channels, and where in the input the next output lies.
pub(super) struct Bank {
    /// A row of `stride` × `channels` coefficients per phase, and one more: the first, a frame later.
    rows: Vec<f32>,
    channels: usize,
    taps: usize,
    /// `taps`, filled up with zeros so that a row is a whole number of vectors.
    stride: usize,
    phases: u64,
    /// How far apart two outputs are: `step_frames`, and in phases `step_phases` + `step_rest` / `denominator`.
    step_frames: usize,
    step_phases: u64,
    step_rest: u64,
    denominator: u64,
    /// Where the next output lies behind the input's beginning: `phase` + `rest` / `denominator`.
    phase: u64,
    rest: u64,
}

const ZERO_CROSSINGS: f64 = 16.0;
const CUTOFF: f64 = 0.8;
const KAISER_BETA: f64 = 9.0;
/// Rates that have little in common get this many phases, and what lies between them is interpolated.
const MAX_PHASES: u64 = 256;

impl Bank {
    /// `channels` is 1 or 2.
    pub(super) fn new(rate_hz: u32, to_hz: u32, channels: usize) -> Self {
        let (from, to) = (u64::from(rate_hz.max(1)), u64::from(to_hz));
        let phases = (to / gcd(from, to)).min(MAX_PHASES);
        let band = (CUTOFF * to as f64 / from as f64).min(1.0);
        let taps = ((ZERO_CROSSINGS / band).ceil() as usize).next_multiple_of(2);
        let stride = (taps * channels).next_multiple_of(Plain::LANES) / channels;
        let row = |phase: u64| {
            let mut row = coefficients(taps, phase as f64 / phases as f64, band);
            row.resize(stride, 0.0);
            row.into_iter().flat_map(|value| std::iter::repeat_n(value, channels))
        };
        Self {
            rows: (0..=phases).flat_map(row).collect(),
            channels,
            taps,
            stride,
            phases,
            step_frames: (from / to) as usize,
            step_phases: from % to * phases / to,
            step_rest: from % to * phases % to,
            denominator: to,
            phase: 0,
            rest: 0,
        }
    }

    /// Frames that a filter needs in front of the one that an output lies on …
    pub(super) fn before(&self) -> usize {
        (self.taps - 1) / 2
    }

    /// … and behind it, …
    pub(super) fn after(&self) -> usize {
        self.taps / 2
    }

    /// … and then, with a weight of zero.
    pub(super) fn padding(&self) -> usize {
        self.stride - self.taps
    }

    /// Append to `out` all that the interleaved `input` suffices for, of two channels the mean; how many
    /// frames in front will not be needed again.
    pub(super) fn filter(&mut self, input: &[f32], out: &mut Vec<f32>) -> usize {
        match Arch::new() {
            Arch::Scalar => self.filter_by(Plain, input, out),
            arch => arch.dispatch(Filter { bank: self, input, out }),
        }
    }

    #[inline(always)]
    fn filter_by(&mut self, dot: impl Dot, input: &[f32], out: &mut Vec<f32>) -> usize {
        let frames = input.len() / self.channels;
        // The next output may lie behind all that is there.
        let mut start = (self.phase / self.phases) as usize;
        self.phase %= self.phases;
        if self.step_rest == 0 {
            start = self.filter_fours(dot, input, start, out);
        }
        while start + self.stride <= frames {
            out.push(self.apply(dot, &input[start * self.channels..][..self.stride * self.channels]));
            start += self.advance();
        }
        let used = start.min(frames);
        self.phase += (start - used) as u64 * self.phases;
        used
    }

    /// Four outputs at once, for as long as there are so many, where none lies between two rows; where the next one lies.
    #[inline(always)]
    fn filter_fours(&mut self, dot: impl Dot, input: &[f32], mut start: usize, out: &mut Vec<f32>) -> usize {
        let (frames, length) = (input.len() / self.channels, self.stride * self.channels);
        loop {
            let (mut phase, mut at) = (self.phase, start);
            let places: [_; 4] = std::array::from_fn(|_| {
                let place = (at * self.channels, phase as usize * length);
                (phase, at) = self.behind(phase, at);
                place
            });
            if places[3].0 + length > frames * self.channels {
                return start;
            }
            let windows = places.map(|(window, _)| &input[window..][..length]);
            // Two calls: only where the rows are known to be one are they loaded once.
            let sums = match self.phases {
                1 => dot.four(windows, [&self.rows[..length]; 4]),
                _ => dot.four(windows, places.map(|(_, row)| &self.rows[row..][..length])),
            };
            out.extend(sums.iter().map(|sums| self.mixed(sums)));
            (self.phase, start) = (phase, at);
        }
    }

    #[inline(always)]
    fn apply(&self, dot: impl Dot, window: &[f32]) -> f32 {
        let row = |phase: u64| &self.rows[phase as usize * window.len()..][..window.len()];
        let mut sums = dot.one(window, row(self.phase));
        if self.rest > 0 {
            let part = self.rest as f32 / self.denominator as f32;
            let next = dot.one(window, row(self.phase + 1));
            sums.iter_mut().zip(next).for_each(|(sum, next)| *sum += (next - *sum) * part);
        }
        self.mixed(&sums)
    }

    #[inline(always)]
    fn mixed(&self, sums: &Sums) -> f32 {
        match self.channels {
            2 => clipped_mean(sums),
            _ => sums.iter().sum(),
        }
    }

    /// Frames from an output to the next.
    fn advance(&mut self) -> usize {
        self.rest += self.step_rest;
        let carry = u64::from(self.rest >= self.denominator);
        self.rest -= carry * self.denominator;
        let (phase, frames) = self.behind(self.phase + carry, 0);
        self.phase = phase;
        frames
    }

    /// The phase and the frame of the output that follows one at `phase` and `frame`. Divisions would take as long as the
    /// filter does.
    #[inline(always)]
    fn behind(&self, phase: u64, frame: usize) -> (u64, usize) {
        let (phase, frame) = (phase + self.step_phases, frame + self.step_frames);
        if phase < self.phases { (phase, frame) } else { (phase - self.phases, frame + 1) }
    }
}

struct Filter<'a> {
    bank: &'a mut Bank,
    input: &'a [f32],
    out: &'a mut Vec<f32>,
}

impl WithSimd for Filter<'_> {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> usize {
        self.bank.filter_by(Wide(simd), self.input, self.out)
    }
}

#[inline(always)]
fn clipped_mean(sums: &Sums) -> f32 {
    let [left, right, more_left, more_right] = sums;
    0.5 * ((left + more_left).clamp(-1.0, 1.0) + (right + more_right).clamp(-1.0, 1.0))
}

/// A windowed sinc whose middle lies `offset` frames behind the middle tap; the sum is 1.
fn coefficients(taps: usize, offset: f64, band: f64) -> Vec<f32> {
    let middle = ((taps - 1) / 2) as f64 + offset;
    let value = |tap: usize| {
        let x = (tap as f64 - middle) * band;
        let edge = 2.0 * x / (band * taps as f64);
        sinc(PI * x) * bessel(KAISER_BETA * (1.0 - edge * edge).max(0.0).sqrt())
    };
    let values: Vec<f64> = (0..taps).map(value).collect();
    let sum: f64 = values.iter().sum();
    values.into_iter().map(|value| (value / sum) as f32).collect()
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { x.sin() / x }
}

/// The modified Bessel function of the first kind and order zero, by its power series.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..40 {
        term *= (x / 2.0 / f64::from(k)).powi(2);
        sum += term;
    }
    sum
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
