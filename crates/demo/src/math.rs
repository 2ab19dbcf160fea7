//! The few functions that sound needs, from additions and multiplications alone.
//!
//! The system's libm differs in the last bit between machines. These do not, so a piece renders to the same bytes
//! everywhere.

use std::f64::consts::{LN_2, TAU};

/// Frames a second, of everything in this crate.
pub(crate) const RATE: f32 = 44_100.0;

/// Sine of a phase in turns (1.0 is a full circle), within 4e-6. The phase may be any number below 2^22.
pub(crate) fn sine(turns: f32) -> f32 {
    let x = turns - nearest(turns);
    let far = x.abs();
    let near = if far > 0.25 { 0.5 - far } else { far };
    let x = (near * TAU as f32).copysign(x);
    let y = x * x;
    x * (1.0 - y * (1.0 / 6.0 - y * (1.0 / 120.0 - y * (1.0 / 5_040.0 - y / 362_880.0))))
}

/// What is left of a phase without its whole turns, 0..1.
pub(crate) fn fraction(turns: f32) -> f32 {
    let x = turns - nearest(turns);
    if x < 0.0 { x + 1.0 } else { x }
}

/// The nearest whole number: beyond 2^23 a float has no room for less, so adding pushes the rest out. Compilers make
/// vectors of this, and not of `round`.
fn nearest(x: f32) -> f32 {
    const PUSH: f32 = 12_582_912.0; // 1.5 * 2^23
    (x + PUSH) - PUSH
}

/// Cosine of a phase in turns.
pub(crate) fn cosine(turns: f32) -> f32 {
    sine(turns + 0.25)
}

/// e to the power of `x`, for |x| up to about 100.
pub(crate) fn exp(x: f64) -> f64 {
    let y = x / 1_024.0;
    let mut power = 1.0 + y * (1.0 + y / 2.0 * (1.0 + y / 3.0 * (1.0 + y / 4.0)));
    for _ in 0..10 {
        power *= power;
    }
    power
}

/// The natural logarithm of a number just below 1, by its series.
pub(crate) fn ln(x: f32) -> f64 {
    let y = 1.0 - f64::from(x);
    -y * (1.0 + y * (0.5 + y * (1.0 / 3.0 + y * 0.25)))
}

/// 2 to the power of `x`.
pub(crate) fn exp2(x: f32) -> f32 {
    exp(f64::from(x) * LN_2) as f32
}

/// The linear gain of a level in decibels.
pub(crate) fn gain(decibels: f32) -> f32 {
    exp2(decibels / 6.020_6)
}

/// The frequency in hertz of a pitch in MIDI semitones (69 is the A of 440 Hz); fractions are microtones.
pub(crate) fn hertz(pitch: f32) -> f32 {
    440.0 * exp2((pitch - 69.0) / 12.0)
}

/// The step of a one-pole follower that covers 63 % of the way in `seconds`.
pub(crate) fn follow(seconds: f32) -> f32 {
    1.0 - exp(-1.0 / f64::from(seconds * RATE)) as f32
}

/// The step of a one-pole low-pass at `cutoff_hz`.
pub(crate) fn crossover(cutoff_hz: f32) -> f32 {
    follow(1.0 / (TAU as f32 * cutoff_hz))
}

/// The factor for each sample that takes a level 60 dB down in `seconds`.
pub(crate) fn decay(seconds: f32) -> f32 {
    exp(-6.907_755 / f64::from(seconds * RATE)) as f32
}

/// A gentle overload: the identity for small signals, ±1 for large ones (a rational tanh).
pub(crate) fn soften(x: f32) -> f32 {
    let x = x.clamp(-3.0, 3.0);
    x * (27.0 + x * x) / (27.0 + 9.0 * x * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sine_and_exp_agree_with_the_system() {
        for step in -2_000..2_000 {
            let turns = step as f32 / 777.0;
            let exact = (f64::from(turns) * TAU).sin() as f32;
            assert!((sine(turns) - exact).abs() < 1e-5, "sine({turns})");
            let x = f64::from(step) / 100.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-7, "exp({x})");
        }
    }

    #[test]
    fn an_octave_doubles_the_frequency() {
        assert!((hertz(69.0) - 440.0).abs() < 1e-3);
        assert!((hertz(81.0) - 880.0).abs() < 1e-3);
        assert!((gain(-20.0) - 0.1).abs() < 1e-5);
    }
}
