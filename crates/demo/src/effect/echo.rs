//! The ping-pong echo: left, right, left, each duller than the last.

use super::HUM;
use crate::{
    block::{BLOCK, Stereo},
    math::{RATE, crossover},
};

const FEEDBACK: f32 = 0.5;

pub(crate) struct Echo {
    left: Vec<f32>,
    right: Vec<f32>,
    at: usize,
    low: [f32; 2],
    rumble: [f32; 2],
    low_step: f32,
    rumble_step: f32,
}

impl Echo {
    /// `seconds` from one side to the other.
    pub(crate) fn new(seconds: f32) -> Self {
        let length = ((seconds * RATE) as usize).max(BLOCK);
        Self {
            left: vec![0.0; length],
            right: vec![0.0; length],
            at: 0,
            low: [0.0; 2],
            rumble: [0.0; 2],
            low_step: crossover(3_200.0),
            rumble_step: crossover(220.0),
        }
    }

    /// The wet sound of `input`.
    pub(crate) fn process(&mut self, input: &Stereo) -> Stereo {
        let mut wet = Stereo::SILENCE;
        for i in 0..BLOCK {
            let (left, right) = (self.left[self.at], self.right[self.at]);
            let mono = 0.5 * (input.left[i] + input.right[i]) + HUM;
            self.left[self.at] = self.colour(0, mono + FEEDBACK * right);
            self.right[self.at] = self.colour(1, FEEDBACK.sqrt() * left);
            self.at = (self.at + 1) % self.left.len();
            wet.left[i] = left + 0.15 * right;
            wet.right[i] = right + 0.15 * left;
        }
        wet
    }

    /// Takes some treble and bass away on each trip, as tape does.
    fn colour(&mut self, side: usize, x: f32) -> f32 {
        self.low[side] += (x - self.low[side]) * self.low_step;
        self.rumble[side] += (self.low[side] - self.rumble[side]) * self.rumble_step;
        self.low[side] - self.rumble[side]
    }
}
