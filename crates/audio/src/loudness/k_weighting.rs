//! The filter before the mean square: how loud the ear finds a frequency, roughly (BS.1770-4 Annex 1).

use std::f64::consts::PI;

/// K-weighting of one channel: a shelf for the head, and a high-pass.
///
/// The standard gives coefficients for 48 kHz; the analogue filters behind them give those of any other rate.
pub(crate) struct KWeighting {
    shelf: Biquad,
    high_pass: Biquad,
}

impl KWeighting {
    pub(crate) fn new(rate_hz: u32) -> Self {
        Self { shelf: Biquad::shelf(rate_hz), high_pass: Biquad::high_pass(rate_hz) }
    }

    /// The sum of the squares of the filtered samples.
    pub(crate) fn sum_of_squares(&mut self, samples: &[f32]) -> f64 {
        let mut sum = 0.0;
        for sample in samples {
            let filtered = self.high_pass.filter(self.shelf.filter(f64::from(*sample)));
            sum += filtered * filtered;
        }
        self.shelf.settle();
        self.high_pass.settle();
        sum
    }
}

/// A filter of second order, in transposed direct form II.
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    state: [f64; 2],
}

/// Less than any sample can leave behind: after the music has ended, numbers this small only cost time.
const SILENT: f64 = 1e-30;

impl Biquad {
    fn shelf(rate_hz: u32) -> Self {
        const FREQUENCY_HZ: f64 = 1_681.974_450_955_533;
        const GAIN_DB: f64 = 3.999_843_853_973_347;
        const Q: f64 = 0.707_175_236_955_419_6;
        let k = (PI * FREQUENCY_HZ / f64::from(rate_hz)).min(0.49 * PI).tan();
        let high = 10f64.powf(GAIN_DB / 20.0);
        let band = high.powf(0.499_666_774_154_541_6);
        let norm = 1.0 + k / Q + k * k;
        Self {
            b: [
                (high + band * k / Q + k * k) / norm,
                2.0 * (k * k - high) / norm,
                (high - band * k / Q + k * k) / norm,
            ],
            a: [2.0 * (k * k - 1.0) / norm, (1.0 - k / Q + k * k) / norm],
            state: [0.0; 2],
        }
    }

    fn high_pass(rate_hz: u32) -> Self {
        const FREQUENCY_HZ: f64 = 38.135_470_876_024_44;
        const Q: f64 = 0.500_327_037_323_877_3;
        let k = (PI * FREQUENCY_HZ / f64::from(rate_hz)).tan();
        let norm = 1.0 + k / Q + k * k;
        // The standard leaves the numerator at 1, -2, 1 whatever the denominator's norm.
        Self { b: [1.0, -2.0, 1.0], a: [2.0 * (k * k - 1.0) / norm, (1.0 - k / Q + k * k) / norm], state: [0.0; 2] }
    }

    #[inline(always)]
    fn filter(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.state[0];
        self.state[0] = self.b[1] * x - self.a[0] * y + self.state[1];
        self.state[1] = self.b[2] * x - self.a[1] * y;
        y
    }

    fn settle(&mut self) {
        for value in &mut self.state {
            if value.abs() < SILENT {
                *value = 0.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_48_khz_it_has_the_coefficients_of_the_standard() {
        let near = |ours: &[f64], standard: &[f64]| {
            ours.iter().zip(standard).all(|(ours, standard)| (ours - standard).abs() < 1e-9)
        };
        let shelf = Biquad::shelf(48_000);
        assert!(near(&shelf.b, &[1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85]), "{:?}", shelf.b);
        assert!(near(&shelf.a, &[-1.690_659_293_182_41, 0.732_480_774_215_85]), "{:?}", shelf.a);
        let high_pass = Biquad::high_pass(48_000);
        assert!(near(&high_pass.a, &[-1.990_047_454_833_98, 0.990_072_250_366_21]), "{:?}", high_pass.a);
    }
}
