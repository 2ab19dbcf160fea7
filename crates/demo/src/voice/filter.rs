//! The state-variable filter (trapezoidal integration, after A. Simper, "Linear trapezoidal SVF", 2013).

use crate::math::{RATE, cosine, sine};

#[derive(Clone, Copy, Default)]
pub(crate) struct Filter {
    first: f32,
    second: f32,
    damping: f32,
    a1: f32,
    a2: f32,
    a3: f32,
}

impl Filter {
    /// `resonance` 0 is gentle, 1 would ring for ever.
    pub(crate) fn new(cutoff_hz: f32, resonance: f32) -> Self {
        let mut filter = Self { damping: 2.0 - 1.96 * resonance, ..Self::default() };
        filter.tune(cutoff_hz);
        filter
    }

    pub(crate) fn tune(&mut self, cutoff_hz: f32) {
        let half_turns = (cutoff_hz / RATE).clamp(0.0005, 0.45) * 0.5;
        let g = sine(half_turns) / cosine(half_turns);
        self.a1 = 1.0 / (1.0 + g * (g + self.damping));
        self.a2 = g * self.a1;
        self.a3 = g * self.a2;
    }

    /// The low-pass output.
    pub(crate) fn low(&mut self, x: f32) -> f32 {
        self.step(x).1
    }

    /// The band-pass output, 0 dB at its peak.
    pub(crate) fn band(&mut self, x: f32) -> f32 {
        self.step(x).0 * self.damping
    }

    /// The high-pass output.
    pub(crate) fn high(&mut self, x: f32) -> f32 {
        let (band, low) = self.step(x);
        x - self.damping * band - low
    }

    fn step(&mut self, x: f32) -> (f32, f32) {
        let v3 = x - self.second;
        let band = self.a1 * self.first + self.a2 * v3;
        let low = self.second + self.a2 * self.first + self.a3 * v3;
        self.first = 2.0 * band - self.first;
        self.second = 2.0 * low - self.second;
        (band, low)
    }
}
