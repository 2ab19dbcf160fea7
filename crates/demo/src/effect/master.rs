//! The last stage: no DC, a little air, the piece's level, a touch of warmth, and a limiter that looks one block ahead.

use crate::{
    block::{BLOCK, Stereo},
    math::{crossover, gain, soften},
};

/// The highest sample that leaves, in decibels of full scale: room below -1 dBTP for what lossy codecs add.
const CEILING: f32 = -2.1;

const TAPS: usize = 8;
/// A windowed sinc that reads half a sample off, as BS.1770-4 (Annex 2) looks for true peaks.
const HALFWAY: [f32; TAPS] = [-0.015, 0.059_6, -0.161, 0.616_4, 0.616_4, -0.161, 0.059_6, -0.015];

/// How much of what lies above 2.4 kHz is added once more.
const AIR: f32 = 0.45;

pub(crate) struct Master {
    trim: f32,
    ceiling: f32,
    /// The one-pole followers of what lies below 22 Hz.
    below: [f32; 2],
    below_step: f32,
    /// And of what lies below the air.
    body: [f32; 2],
    body_step: f32,
    /// The block that waits, what it may be multiplied by, and the gain reached at its beginning.
    waiting: Stereo,
    /// The last samples of each side, for the values between the blocks.
    tails: [[f32; TAPS - 1]; 2],
    allowed: f32,
    reached: f32,
}

impl Master {
    /// `trim` in decibels.
    pub(crate) fn new(trim: f32) -> Self {
        Self {
            trim: gain(trim),
            ceiling: gain(CEILING),
            below: [0.0; 2],
            below_step: crossover(22.0),
            body: [0.0; 2],
            body_step: crossover(2_400.0),
            waiting: Stereo::SILENCE,
            tails: [[0.0; TAPS - 1]; 2],
            allowed: 1.0,
            reached: 1.0,
        }
    }

    /// Takes a block and gives the one before it.
    ///
    /// The gain runs in a straight line between block borders, and at each border stays below what both neighbours
    /// allow, so it is never too high within.
    pub(crate) fn process(&mut self, mut block: Stereo) -> Stereo {
        self.tone(&mut block);
        let allowed = (self.ceiling / (self.peak(&block) + 1e-9)).min(1.0);
        let recovered = self.reached + (1.0 - self.reached) * 0.012;
        let goal = recovered.min(self.allowed).min(allowed);
        let mut out = std::mem::replace(&mut self.waiting, block);
        let step = (goal - self.reached) / BLOCK as f32;
        for i in 0..BLOCK {
            let gain = self.reached + step * i as f32;
            out.left[i] = (out.left[i] * gain).clamp(-self.ceiling, self.ceiling);
            out.right[i] = (out.right[i] * gain).clamp(-self.ceiling, self.ceiling);
        }
        (self.allowed, self.reached) = (allowed, goal);
        out
    }

    /// The largest sample, and the largest value halfway between two, as a converter will rebuild it.
    fn peak(&mut self, block: &Stereo) -> f32 {
        let mut peak = 0.0_f32;
        for (tail, samples) in self.tails.iter_mut().zip([&block.left, &block.right]) {
            let mut run = [0.0; BLOCK + TAPS - 1];
            run[..TAPS - 1].copy_from_slice(tail);
            run[TAPS - 1..].copy_from_slice(samples);
            tail.copy_from_slice(&samples[BLOCK + 1 - TAPS..]);
            for window in run.windows(TAPS) {
                let between: f32 = window.iter().zip(HALFWAY).map(|(sample, tap)| sample * tap).sum();
                peak = peak.max(window[TAPS - 1].abs()).max(between.abs());
            }
        }
        peak
    }

    fn tone(&mut self, block: &mut Stereo) {
        for (side, samples) in [&mut block.left, &mut block.right].into_iter().enumerate() {
            for sample in samples {
                self.below[side] += (*sample - self.below[side]) * self.below_step;
                let x = (*sample - self.below[side]) * self.trim;
                self.body[side] += (x - self.body[side]) * self.body_step;
                let x = x + AIR * (x - self.body[side]);
                // Straight up to about a third of full scale, then ever rounder.
                *sample = 1.4 * soften(x / 1.4);
            }
        }
    }
}
