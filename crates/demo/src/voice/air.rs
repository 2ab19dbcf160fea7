//! Wind: noise through a band that wanders.

use super::{
    Touch, Voice,
    envelope::{Envelope, Shape},
    filter::Filter,
};
use crate::{
    math::{RATE, exp2, hertz, sine},
    random::{Noise, Random},
};

const SHAPE: Shape = Shape { attack: 3.5, decay: 1.0, sustain: 1.0, release: 4.0 };
const CONTROL: usize = 64;

pub(super) struct Air {
    noise: Noise,
    filter: Filter,
    envelope: Envelope,
    centre: f32,
    slow: f32,
    slower: f32,
    gain: f32,
}

impl Air {
    pub(super) fn new(touch: &Touch) -> Self {
        let mut random = Random::new(u64::from(touch.seed));
        let centre = hertz(touch.pitch);
        Self {
            noise: Noise::new(touch.seed),
            filter: Filter::new(centre, 0.55),
            envelope: Envelope::new(&SHAPE, touch.gate),
            centre,
            slow: random.unit(),
            slower: random.unit(),
            gain: 0.5 * touch.strength,
        }
    }
}

impl Voice for Air {
    fn sound(&mut self, out: &mut [f32]) -> bool {
        for block in out.chunks_mut(CONTROL) {
            let seconds = CONTROL as f32 / RATE;
            self.slow = (self.slow + 0.13 * seconds) % 1.0;
            self.slower = (self.slower + 0.047 * seconds) % 1.0;
            self.filter.tune(self.centre * exp2(0.7 * sine(self.slow) + 0.5 * sine(self.slower)));
            for sample in block {
                *sample += self.gain * self.envelope.next() * self.filter.band(self.noise.next());
            }
        }
        !self.envelope.over()
    }
}
