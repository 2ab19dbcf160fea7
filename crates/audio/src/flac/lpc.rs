use crate::flac::integers::nearest;
use std::f64::consts::PI;

/// The most samples back that a prediction looks. (The subset of RFC 9639 §7 allows 12 up to 48 kHz.)
pub(super) const MAX_ORDER: usize = 8;

/// A linear prediction: the next sample is Σ `coefficients[n]` × the sample `n + 1` back, × 2^-`shift`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Prediction {
    /// 1 to [`MAX_ORDER`]; each fits into `precision` bits, sign included.
    pub(super) coefficients: Vec<i32>,
    pub(super) precision: u32,
    pub(super) shift: u32,
}

/// What Levinson and Durbin found: the best coefficients of every order, and what they leave over.
#[derive(Default)]
pub(super) struct Model {
    coefficients: [[f64; MAX_ORDER]; MAX_ORDER],
    /// The residual's energy by order, from 0 on.
    errors: [f64; MAX_ORDER + 1],
    /// How many samples those are of: the window's energy.
    weight: f64,
}

/// Finds predictions in blocks of about the same length.
#[derive(Default)]
pub(super) struct Analyser {
    window: Vec<f64>,
    /// The window's energy.
    weight: f64,
    windowed: Vec<f64>,
}

impl Analyser {
    /// `None` if there is nothing to predict, or too little to learn from.
    pub(super) fn model(&mut self, samples: &[f64]) -> Option<Model> {
        if samples.len() <= 4 * MAX_ORDER {
            return None;
        }
        if self.window.len() != samples.len() {
            self.window = tukey(samples.len());
            self.weight = self.window.iter().map(|weight| weight * weight).sum();
        }
        self.windowed.clear();
        self.windowed.extend(samples.iter().zip(&self.window).map(|(sample, weight)| sample * weight));
        Some(Model { weight: self.weight, ..levinson(&correlation(&self.windowed))? })
    }
}

impl Model {
    /// The order that needs the fewest bits for `samples` samples and its coefficients, with those bits.
    pub(super) fn best_order(&self, samples: usize, bits: u32) -> (usize, f64) {
        let cost = |order: usize| {
            let left = (samples - order) as f64;
            let warm_up = order as f64 * f64::from(bits + precision(bits));
            (order, entropy(self.errors[order] / self.weight) * left + warm_up)
        };
        (1..=MAX_ORDER).map(cost).min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, f64::INFINITY))
    }

    /// Coefficients as integers; each rounding error is carried over to the next one. `None` if they are too large.
    pub(super) fn quantise(&self, order: usize, bits: u32) -> Option<Prediction> {
        let exact = &self.coefficients[order - 1][..order];
        let largest = exact.iter().fold(0f64, |largest, value| largest.max(value.abs()));
        let precision = precision(bits);
        let limit = (1 << (precision - 1)) as f64;
        let shift = (0..=15).rev().find(|shift| largest * f64::from(1u32 << shift) < limit - 1.0)?;
        let mut carry = 0.0;
        let coefficients = exact.iter().map(|value| {
            carry += value * f64::from(1u32 << shift);
            let rounded = nearest(carry.clamp(-limit, limit - 1.0));
            carry -= f64::from(rounded);
            rounded
        });
        Some(Prediction { coefficients: coefficients.collect(), precision, shift })
    }
}

/// Bits of a coefficient: finer ones would cost more than they gain.
fn precision(bits: u32) -> u32 {
    if bits <= 17 { 12 } else { 15 }
}

/// Bits of a sample of a Laplacian residual with this variance, when coded by Rice's codes.
fn entropy(variance: f64) -> f64 {
    // A Laplacian of deviation σ has log₂(e√2 σ) bits; below half a step, one bit is left.
    (0.5 * (variance.max(1e-9)).log2() + 1.943).max(1.0)
}

/// Tapers a quarter at each side.
fn tukey(length: usize) -> Vec<f64> {
    let taper = (length / 4).max(1);
    let weight = |index: usize| {
        let inside = index.min(length - 1 - index);
        if inside < taper { 0.5 - 0.5 * (PI * (inside as f64 + 0.5) / taper as f64).cos() } else { 1.0 }
    };
    (0..length).map(weight).collect()
}

/// By lag.
fn correlation(windowed: &[f64]) -> [f64; MAX_ORDER + 1] {
    std::array::from_fn(|lag| dot(&windowed[..windowed.len() - lag], &windowed[lag..]))
}

/// In lanes that do not wait for each other.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a_chunks, a_rest), (b_chunks, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

fn levinson(correlation: &[f64; MAX_ORDER + 1]) -> Option<Model> {
    let mut model = Model::default();
    let mut error = correlation[0];
    model.errors[0] = error;
    if error <= 0.0 {
        return None;
    }
    let mut current = [0.0; MAX_ORDER];
    for order in 0..MAX_ORDER {
        let known: f64 = (0..order).map(|index| current[index] * correlation[order - index]).sum();
        let reflection = (correlation[order + 1] - known) / error;
        let before = current;
        for index in 0..order {
            current[index] -= reflection * before[order - 1 - index];
        }
        current[order] = reflection;
        // A pure tone leaves nothing, and rounding may leave less.
        error = (error * (1.0 - reflection * reflection)).max(correlation[0] * 1e-15);
        model.errors[order + 1] = error;
        model.coefficients[order] = current;
    }
    Some(model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resonance_of_a_tone_is_found() {
        let tone: Vec<f64> = (0..4_096).map(|index| 10_000.0 * (f64::from(index) * 0.1).sin()).collect();
        let model = Analyser::default().model(&tone).expect("there is a tone");
        let prediction = model.quantise(2, 16).expect("it is stable");
        // sin(n) = 2 cos(0.1) sin(n - 1) - sin(n - 2)
        let scale = f64::from(1 << prediction.shift);
        assert!((f64::from(prediction.coefficients[0]) / scale - 1.99).abs() < 0.01, "{prediction:?}");
        assert!((f64::from(prediction.coefficients[1]) / scale + 1.0).abs() < 0.01, "{prediction:?}");
    }

    #[test]
    fn every_lag_is_summed_up_to_the_end() {
        for length in [33, 100, 101, 102, 103] {
            let samples: Vec<f64> = (0..length).map(|index| f64::from(index * index % 31 - 15)).collect();
            let expected: [f64; MAX_ORDER + 1] =
                std::array::from_fn(|lag| samples.iter().zip(&samples[lag..]).map(|(a, b)| a * b).sum());
            assert_eq!(correlation(&samples), expected);
        }
    }

    #[test]
    fn silence_and_scraps_have_no_model() {
        assert!(Analyser::default().model(&[0.0; 4_096]).is_none());
        assert!(Analyser::default().model(&[1.0; 20]).is_none());
    }
}
