//! Two slowly wandering copies, one to each side.

use super::HUM;
use crate::{
    block::{BLOCK, Stereo},
    math::{RATE, sine},
};

const LENGTH: usize = 2_048;
const CENTRE: f32 = 0.014 * RATE;
const DEPTH: f32 = 0.004 * RATE;
const HERTZ: f32 = 0.43;

pub(crate) struct Chorus {
    line: Vec<f32>,
    at: usize,
    phase: f32,
    /// The delays at the end of the last block, in samples.
    delays: [f32; 2],
}

impl Chorus {
    pub(crate) fn new() -> Self {
        Self { line: vec![0.0; LENGTH], at: 0, phase: 0.0, delays: [CENTRE, CENTRE] }
    }

    /// The wet sound of `input`.
    pub(crate) fn process(&mut self, input: &Stereo) -> Stereo {
        let mut wet = Stereo::SILENCE;
        self.phase = (self.phase + HERTZ * BLOCK as f32 / RATE) % 1.0;
        let goals = [CENTRE + DEPTH * sine(self.phase), CENTRE + DEPTH * sine(self.phase + 0.5)];
        let steps = [0, 1].map(|side| (goals[side] - self.delays[side]) / BLOCK as f32);
        for i in 0..BLOCK {
            self.line[self.at] = 0.5 * (input.left[i] + input.right[i]) + HUM;
            wet.left[i] = self.read(0);
            wet.right[i] = self.read(1);
            self.delays[0] += steps[0];
            self.delays[1] += steps[1];
            self.at = (self.at + 1) % LENGTH;
        }
        wet
    }

    fn read(&self, side: usize) -> f32 {
        let delay = self.delays[side];
        let whole = delay as usize;
        let fraction = delay - whole as f32;
        let newer = self.line[(self.at + LENGTH - whole) % LENGTH];
        let older = self.line[(self.at + LENGTH - whole - 1) % LENGTH];
        newer + fraction * (older - newer)
    }
}
