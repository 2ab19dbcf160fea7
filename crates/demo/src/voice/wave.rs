//! Periodic waves, a run of samples at a time, written so that the compiler makes vectors of them.

use crate::math::{fraction, sine};

/// Samples between two looks at slow controls; pitch and colour stand still within.
pub(crate) const RUN: usize = 32;

/// Adds `level` times a wave to `out`, and moves `phase` (in turns) on by `count` steps.
pub(crate) fn add(
    out: &mut [f32; RUN],
    phase: &mut f32,
    (step, count): (f32, usize),
    level: f32,
    wave: impl Fn(f32) -> f32,
) {
    for (i, sample) in out.iter_mut().enumerate() {
        *sample += level * wave(*phase + i as f32 * step);
    }
    *phase = fraction(*phase + count as f32 * step);
}

/// A rising sawtooth without overtones above half the rate (PolyBLEP, Välimäki and Huovilainen 2007).
pub(crate) fn sawtooth(step: f32) -> impl Fn(f32) -> f32 {
    let sharpness = 1.0 / step;
    move |turns| {
        let phase = fraction(turns);
        let after = (1.0 - phase * sharpness).max(0.0);
        let before = (1.0 + (phase - 1.0) * sharpness).max(0.0);
        2.0 * phase - 1.0 + after * after - before * before
    }
}

/// A square wave: two sawtooths, half a turn apart.
pub(crate) fn square(step: f32) -> impl Fn(f32) -> f32 {
    let edge = sawtooth(step);
    move |turns| edge(turns) - edge(turns + 0.5)
}

/// A sine that is bent by itself (frequency modulation by its multiple `ratio`, `depth` in turns).
pub(crate) fn bent(ratio: f32, depth: f32) -> impl Fn(f32) -> f32 {
    move |turns| sine(turns + depth * sine(ratio * turns))
}
