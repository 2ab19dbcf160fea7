//! Attack, decay, sustain, release, all in the curves of a charging capacitor.

use crate::math::{RATE, follow};

#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// Seconds.
    pub(crate) attack: f32,
    pub(crate) decay: f32,
    /// 0..1.
    pub(crate) sustain: f32,
    /// Seconds.
    pub(crate) release: f32,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Attack,
    Decay,
    Release,
    Over,
}

pub(crate) struct Envelope {
    level: f32,
    stage: Stage,
    gate: u32,
    sustain: f32,
    attack_step: f32,
    decay_step: f32,
    release_step: f32,
}

/// Where attack and release aim, past their ends, so that they arrive in finite time.
const ABOVE: f32 = 1.25;
const BELOW: f32 = -0.002;

impl Envelope {
    pub(crate) fn new(shape: &Shape, gate: u32) -> Self {
        Self {
            level: 0.0,
            stage: Stage::Attack,
            gate,
            sustain: shape.sustain,
            attack_step: follow(shape.attack / 1.609),
            decay_step: follow(shape.decay / 3.0),
            release_step: follow(shape.release / 6.2),
        }
    }

    pub(crate) fn next(&mut self) -> f32 {
        if self.gate == 0 && self.stage != Stage::Over {
            self.stage = Stage::Release;
        }
        self.gate = self.gate.saturating_sub(1);
        match self.stage {
            Stage::Attack => {
                self.level += (ABOVE - self.level) * self.attack_step;
                if self.level >= 1.0 {
                    self.level = 1.0;
                    self.stage = Stage::Decay;
                }
            }
            Stage::Decay => self.level += (self.sustain - self.level) * self.decay_step,
            Stage::Release => {
                self.level += (BELOW - self.level) * self.release_step;
                if self.level <= 0.0 {
                    self.level = 0.0;
                    self.stage = Stage::Over;
                }
            }
            Stage::Over => {}
        }
        self.level
    }

    pub(crate) fn over(&self) -> bool {
        self.stage == Stage::Over
    }
}

/// Samples in `seconds`.
pub(crate) fn samples(seconds: f32) -> u32 {
    (seconds * RATE) as u32
}
