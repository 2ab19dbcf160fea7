//! The electric piano: two pairs of frequency modulation (Chowning 1973), a warm body and a short tine.

use super::{
    Touch, Voice,
    envelope::{Envelope, Shape},
    wave::{self, RUN},
};
use crate::math::{RATE, decay, exp2, hertz};

const SHAPE: Shape = Shape { attack: 0.003, decay: 3.5, sustain: 0.12, release: 0.3 };

pub(super) struct Keys {
    envelope: Envelope,
    phase: f32,
    step: f32,
    /// How strongly the body is bent, in turns: where it decays to, and the part that decays.
    bend: f32,
    bend_extra: f32,
    /// What is left of it after each run.
    bend_fade: f32,
    tine: f32,
    tine_fade: f32,
    gain: f32,
}

impl Keys {
    pub(super) fn new(touch: &Touch) -> Self {
        let step = hertz(touch.pitch) / RATE;
        // High notes bend less, or they would turn to glass.
        let soft = exp2((60.0 - touch.pitch) / 30.0).min(1.3);
        let audible = if step * 14.0 < 0.28 { 1.0 } else { 0.0 };
        Self {
            envelope: Envelope::new(&SHAPE, touch.gate),
            phase: 0.0,
            step,
            bend: 0.05 * soft,
            bend_extra: 0.26 * soft * touch.strength * touch.strength * (0.5 + touch.bright),
            bend_fade: decay(1.6 / RUN as f32),
            tine: 0.06 * audible * touch.strength * soft,
            tine_fade: decay(0.35 / RUN as f32),
            gain: 0.42 * touch.strength,
        }
    }
}

impl Voice for Keys {
    fn sound(&mut self, out: &mut [f32]) -> bool {
        for run in out.chunks_mut(RUN) {
            let mut tones = [0.0; RUN];
            let pace = (self.step, run.len());
            let body = wave::bent(1.0, self.bend + self.bend_extra);
            wave::add(&mut tones, &mut self.phase.clone(), pace, 0.65 * self.gain, body);
            wave::add(&mut tones, &mut self.phase, pace, 0.45 * self.gain, wave::bent(14.0, self.tine));
            self.bend_extra *= self.bend_fade;
            self.tine *= self.tine_fade;
            for (sample, tone) in run.iter_mut().zip(tones) {
                *sample += self.envelope.next() * tone;
            }
        }
        !self.envelope.over()
    }
}
