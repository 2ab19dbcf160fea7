//! The room: diffusers into a feedback delay network of eight lines (Jot and Chaigne 1991), mixed by a Householder
//! reflection, with lines that drift a little so that no pitch rings.

use super::HUM;
use crate::{
    block::{BLOCK, Stereo},
    math::{RATE, crossover, decay, exp, ln, sine},
};

/// How a room sounds.
#[derive(Clone, Copy)]
pub(crate) struct Room {
    /// 1.0 is a large hall.
    pub(crate) size: f32,
    /// Seconds to -60 dB.
    pub(crate) ring: f32,
    /// Where its walls begin to swallow treble, in hertz.
    pub(crate) treble: f32,
}

const LINES: usize = 8;
const LENGTH: usize = 8_192;
/// Prime numbers of samples, so that their echoes do not meet.
const DELAYS: [f32; LINES] = [1_433.0, 1_741.0, 2_087.0, 2_399.0, 2_837.0, 3_221.0, 3_697.0, 4_127.0];
const DIFFUSERS: [(usize, f32); 4] = [(211, 0.65), (337, 0.65), (499, 0.55), (773, 0.55)];
const DRIFT: f32 = 7.0;
const BEFORE: usize = 882;

pub(crate) struct Reverb {
    lines: Vec<[f32; LINES]>,
    at: usize,
    bases: [f32; LINES],
    delays: [f32; LINES],
    loss: [f32; LINES],
    treble_step: f32,
    rumble_step: f32,
    dull: [f32; LINES],
    rumble: [f32; LINES],
    sides: [Side; 2],
    phase: f32,
}

impl Reverb {
    pub(crate) fn new(room: Room) -> Self {
        let bases = DELAYS.map(|delay| delay * room.size);
        let loss = decay(room.ring);
        Self {
            lines: vec![[0.0; LINES]; LENGTH],
            at: 0,
            bases,
            delays: bases,
            loss: bases.map(|delay| exp(f64::from(delay) * ln(loss)) as f32),
            treble_step: crossover(room.treble),
            rumble_step: crossover(90.0),
            dull: [0.0; LINES],
            rumble: [0.0; LINES],
            sides: [Side::new(0), Side::new(23)],
            phase: 0.0,
        }
    }

    /// The wet sound of `input`.
    pub(crate) fn process(&mut self, input: &Stereo) -> Stereo {
        let mut wet = Stereo::SILENCE;
        let steps = self.drift();
        for i in 0..BLOCK {
            let left = self.sides[0].diffuse(input.left[i] + HUM);
            let right = self.sides[1].diffuse(input.right[i] + HUM);
            let ends = self.read();
            self.delays.iter_mut().zip(steps).for_each(|(delay, step)| *delay += step);
            wet.left[i] = 0.35 * (ends[0] - ends[2] + ends[4] - ends[6]);
            wet.right[i] = 0.35 * (ends[1] - ends[3] + ends[5] - ends[7]);
            self.feed(ends, left, right);
        }
        wet
    }

    /// How far each line's delay moves with each sample of the next block.
    fn drift(&mut self) -> [f32; LINES] {
        self.phase = (self.phase + 0.31 * BLOCK as f32 / RATE) % 1.0;
        let mut steps = [0.0; LINES];
        for (line, step) in steps.iter_mut().enumerate() {
            let goal = self.bases[line] + DRIFT * sine(self.phase + line as f32 * 0.381_966);
            *step = (goal - self.delays[line]) / BLOCK as f32;
        }
        steps
    }

    /// What arrives at the lines' ends.
    fn read(&self) -> [f32; LINES] {
        let mut ends = [0.0; LINES];
        for (line, end) in ends.iter_mut().enumerate() {
            let delay = self.delays[line];
            let whole = delay as usize;
            let newer = self.lines[(self.at + LENGTH - whole) % LENGTH][line];
            let older = self.lines[(self.at + LENGTH - whole - 1) % LENGTH][line];
            *end = newer + (delay - whole as f32) * (older - newer);
        }
        ends
    }

    fn feed(&mut self, mut ends: [f32; LINES], left: f32, right: f32) {
        for (line, end) in ends.iter_mut().enumerate() {
            self.dull[line] += (*end - self.dull[line]) * self.treble_step;
            self.rumble[line] += (self.dull[line] - self.rumble[line]) * self.rumble_step;
            *end = (self.dull[line] - self.rumble[line]) * self.loss[line];
        }
        let share = ends.iter().sum::<f32>() * (2.0 / LINES as f32);
        for (line, end) in ends.into_iter().enumerate() {
            let input = if line % 2 == 0 { left } else { right };
            self.lines[self.at][line] = end - share + 0.5 * input;
        }
        self.at = (self.at + 1) % LENGTH;
    }
}

/// One side's way into the room: a little time, then four all-passes that smear each beat.
struct Side {
    before: Vec<f32>,
    at: usize,
    diffusers: [Diffuser; 4],
}

impl Side {
    fn new(offset: usize) -> Self {
        Self {
            before: vec![0.0; BEFORE + offset],
            at: 0,
            diffusers: DIFFUSERS.map(|(length, gain)| Diffuser { line: vec![0.0; length + offset], at: 0, gain }),
        }
    }

    fn diffuse(&mut self, x: f32) -> f32 {
        let late = std::mem::replace(&mut self.before[self.at], x);
        self.at += 1;
        if self.at == self.before.len() {
            self.at = 0;
        }
        self.diffusers.iter_mut().fold(late, |x, diffuser| diffuser.process(x))
    }
}

struct Diffuser {
    line: Vec<f32>,
    at: usize,
    gain: f32,
}

impl Diffuser {
    fn process(&mut self, x: f32) -> f32 {
        let late = self.line[self.at];
        let inside = x - self.gain * late;
        self.line[self.at] = inside;
        self.at += 1;
        if self.at == self.line.len() {
            self.at = 0;
        }
        late + self.gain * inside
    }
}
