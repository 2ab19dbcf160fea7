use std::f64::consts::PI;

/// A polyphase filter bank, and where in the input the next output lies.
pub(super) struct Bank {
    /// One row of `taps` coefficients per phase, and one more: the first again, a sample later.
    rows: Vec<f32>,
    taps: usize,
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
/// Sums that run side by side, so that the compiler can use vectors.
const LANES: usize = 8;

impl Bank {
    pub(super) fn new(rate_hz: u32, to_hz: u32) -> Self {
        let (from, to) = (u64::from(rate_hz.max(1)), u64::from(to_hz));
        let exact = to / gcd(from, to);
        let phases = if exact <= MAX_PHASES { exact } else { MAX_PHASES };
        let band = (CUTOFF * to as f64 / from as f64).min(1.0);
        let taps = ((ZERO_CROSSINGS / band).ceil() as usize).next_multiple_of(2);
        let row = |phase: u64| coefficients(taps, phase as f64 / phases as f64, band);
        let rows = (0..=phases).flat_map(row).collect();
        let (step, step_rest) = (from * phases / to, from * phases % to);
        Self { rows, taps, phases, step, step_rest, denominator: to, phase: 0, rest: 0 }
    }

    /// Samples that a filter needs in front of the one that an output lies on …
    pub(super) fn before(&self) -> usize {
        (self.taps - 1) / 2
    }

    /// … and behind it.
    pub(super) fn after(&self) -> usize {
        self.taps / 2
    }

    /// Append to `out` all that `input` suffices for; how many samples in front will not be needed again.
    pub(super) fn filter(&mut self, input: &[f32], out: &mut Vec<f32>) -> usize {
        let mut start = 0;
        while let Some(window) = input.get(start..).and_then(|rest| rest.get(..self.taps)) {
            out.push(self.apply(window));
            self.phase += self.step;
            self.rest += self.step_rest;
            if self.rest >= self.denominator {
                self.rest -= self.denominator;
                self.phase += 1;
            }
            start += (self.phase / self.phases) as usize;
            self.phase %= self.phases;
        }
        let used = start.min(input.len());
        // Where the outputs are further apart than the filter is long, the next one may begin behind the input.
        self.phase += (start - used) as u64 * self.phases;
        used
    }

    fn apply(&self, window: &[f32]) -> f32 {
        let row = |phase: u64| &self.rows[phase as usize * self.taps..][..self.taps];
        let value = dot(window, row(self.phase));
        if self.rest == 0 {
            return value;
        }
        let next = dot(window, row(self.phase + 1));
        value + (next - value) * (self.rest as f32 / self.denominator as f32)
    }
}

/// A windowed sinc whose middle lies `offset` samples behind the middle tap; the sum is 1.
fn coefficients(taps: usize, offset: f64, band: f64) -> impl Iterator<Item = f32> {
    let middle = ((taps - 1) / 2) as f64 + offset;
    let raw: Vec<f64> = (0..taps)
        .map(|tap| {
            let x = (tap as f64 - middle) * band;
            let edge = 2.0 * x / (band * taps as f64);
            sinc(PI * x) * bessel(KAISER_BETA * (1.0 - edge * edge).max(0.0).sqrt())
        })
        .collect();
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(move |value| (value / sum) as f32)
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { x.sin() / x }
}

/// The modified Bessel function of the first kind and order zero, by its power series.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..60 {
        term *= (x / 2.0 / f64::from(k)).powi(2);
        sum += term;
    }
    sum
}

fn dot(window: &[f32], row: &[f32]) -> f32 {
    let ((samples, samples_rest), (weights, weights_rest)) = (window.as_chunks::<LANES>(), row.as_chunks::<LANES>());
    let mut sums = [0f32; LANES];
    for (samples, weights) in samples.iter().zip(weights) {
        for lane in 0..LANES {
            sums[lane] += samples[lane] * weights[lane];
        }
    }
    let rest: f32 = samples_rest.iter().zip(weights_rest).map(|(sample, weight)| sample * weight).sum();
    sums.iter().sum::<f32>() + rest
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
