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
    /// How far apart two outputs are in phases: `step` + `step_rest` / `denominator`.
    step: u64,
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
/// Sums that run side by side, so that the compiler can use vectors. A multiple of four: of two channels, every other sum
/// is the left one's, before and after they are folded.
const LANES: usize = 16;

impl Bank {
    /// `channels` is 1 or 2.
    pub(super) fn new(rate_hz: u32, to_hz: u32, channels: usize) -> Self {
        let (from, to) = (u64::from(rate_hz.max(1)), u64::from(to_hz));
        let phases = (to / gcd(from, to)).min(MAX_PHASES);
        let band = (CUTOFF * to as f64 / from as f64).min(1.0);
        let taps = ((ZERO_CROSSINGS / band).ceil() as usize).next_multiple_of(2);
        let stride = (taps * channels).next_multiple_of(LANES) / channels;
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
            step: from * phases / to,
            step_rest: from * phases % to,
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
        let (frames, mut start) = (input.len() / self.channels, 0);
        while start + self.stride <= frames {
            out.push(self.apply(&input[start * self.channels..][..self.stride * self.channels]));
            self.phase += self.step;
            self.rest += self.step_rest;
            if self.rest >= self.denominator {
                self.rest -= self.denominator;
                self.phase += 1;
            }
            start += (self.phase / self.phases) as usize;
            self.phase %= self.phases;
        }
        let used = start.min(frames);
        // The next output may lie behind all that is there.
        self.phase += (start - used) as u64 * self.phases;
        used
    }

    fn apply(&self, window: &[f32]) -> f32 {
        let row = |phase: u64| &self.rows[phase as usize * window.len()..][..window.len()];
        let mut sums = dot(window, row(self.phase));
        if self.rest > 0 {
            let part = self.rest as f32 / self.denominator as f32;
            let next = dot(window, row(self.phase + 1));
            sums.iter_mut().zip(next).for_each(|(sum, next)| *sum += (next - *sum) * part);
        }
        match self.channels {
            2 => clipped_mean(&sums),
            _ => sums.iter().sum(),
        }
    }
}

fn clipped_mean(sums: &[f32; 4]) -> f32 {
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

/// The products, added up in four sums: of every fourth one. Half is folded onto half, for one by one takes more time than
/// the filter itself.
fn dot(window: &[f32], row: &[f32]) -> [f32; 4] {
    let mut sums = [0.0; LANES];
    for (samples, weights) in window.as_chunks::<LANES>().0.iter().zip(row.as_chunks::<LANES>().0) {
        for lane in 0..LANES {
            sums[lane] += samples[lane] * weights[lane];
        }
    }
    let half: [f32; LANES / 2] = std::array::from_fn(|lane| sums[lane] + sums[lane + LANES / 2]);
    std::array::from_fn(|lane| half[lane] + half[lane + LANES / 4])
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
