//! Subtractive synthesis: band-limited oscillators into a low-pass filter that opens and closes.

use super::{
    Touch, Voice,
    envelope::{Envelope, Shape},
    filter::Filter,
    wave::{self, RUN},
};
use crate::{
    math::{RATE, exp2, hertz, sine},
    random::{Noise, Random},
};

pub(crate) struct Patch {
    /// Levels of the sources: two detuned sawtooths, a square, a sine, breath.
    saw: f32,
    square: f32,
    sine: f32,
    noise: f32,
    /// Between the two sawtooths, in cents.
    detune: f32,
    /// Depth in cents; it sets in late, as a player's does.
    vibrato: f32,
    /// The filter at middle C and half brightness, in hertz.
    cutoff: f32,
    resonance: f32,
    /// How far the strike opens the filter, in octaves, and how soon it closes, in seconds.
    sweep: f32,
    sweep_time: f32,
    shape: Shape,
}

pub(crate) const PAD: Patch = Patch {
    saw: 0.32,
    square: 0.0,
    sine: 0.35,
    noise: 0.0,
    detune: 14.0,
    vibrato: 0.0,
    cutoff: 1_450.0,
    resonance: 0.12,
    sweep: 0.6,
    sweep_time: 2.5,
    shape: Shape { attack: 1.4, decay: 2.0, sustain: 0.8, release: 2.4 },
};

pub(crate) const BOWED: Patch = Patch {
    saw: 0.42,
    square: 0.0,
    sine: 0.1,
    noise: 0.035,
    detune: 7.0,
    vibrato: 9.0,
    cutoff: 1_700.0,
    resonance: 0.1,
    sweep: 0.0,
    sweep_time: 1.0,
    shape: Shape { attack: 0.35, decay: 1.5, sustain: 0.82, release: 0.7 },
};

pub(crate) const CELLO: Patch = Patch {
    saw: 0.5,
    square: 0.0,
    sine: 0.25,
    noise: 0.03,
    detune: 3.0,
    vibrato: 13.0,
    cutoff: 1_400.0,
    resonance: 0.18,
    sweep: 0.25,
    sweep_time: 0.5,
    shape: Shape { attack: 0.14, decay: 1.2, sustain: 0.8, release: 0.45 },
};

pub(crate) const LEAD: Patch = Patch {
    saw: 0.3,
    square: 0.22,
    sine: 0.3,
    noise: 0.0,
    detune: 8.0,
    vibrato: 11.0,
    cutoff: 2_600.0,
    resonance: 0.2,
    sweep: 1.0,
    sweep_time: 0.35,
    shape: Shape { attack: 0.02, decay: 0.5, sustain: 0.7, release: 0.35 },
};

pub(crate) const PULSE: Patch = Patch {
    saw: 0.18,
    square: 0.3,
    sine: 0.2,
    noise: 0.0,
    detune: 6.0,
    vibrato: 0.0,
    cutoff: 1_700.0,
    resonance: 0.35,
    sweep: 2.0,
    sweep_time: 0.12,
    shape: Shape { attack: 0.004, decay: 0.22, sustain: 0.15, release: 0.16 },
};

pub(crate) const SUB_BASS: Patch = Patch {
    saw: 0.0,
    square: 0.0,
    sine: 1.0,
    noise: 0.0,
    detune: 0.0,
    vibrato: 0.0,
    cutoff: 400.0,
    resonance: 0.0,
    sweep: 0.0,
    sweep_time: 1.0,
    shape: Shape { attack: 0.08, decay: 1.5, sustain: 0.85, release: 0.6 },
};

pub(crate) const ROUND_BASS: Patch = Patch {
    saw: 0.4,
    square: 0.0,
    sine: 0.75,
    noise: 0.0,
    detune: 4.0,
    vibrato: 0.0,
    cutoff: 900.0,
    resonance: 0.25,
    sweep: 1.6,
    sweep_time: 0.16,
    shape: Shape { attack: 0.006, decay: 0.7, sustain: 0.55, release: 0.1 },
};

pub(super) struct Analog {
    patch: &'static Patch,
    envelope: Envelope,
    filter: Filter,
    noise: Noise,
    /// Phases in turns: two sawtooths, the square, the sine.
    phases: [f32; 4],
    /// Phases of the vibrato and of the slow drift of the filter.
    wobble: f32,
    drift: f32,
    /// The pitch as phase steps a sample, and the two sawtooths' ratios to it.
    step: f32,
    spread: [f32; 2],
    vibrato: f32,
    cutoff: f32,
    sweep: f32,
    gain: f32,
}

impl Analog {
    pub(super) fn new(patch: &'static Patch, touch: &Touch) -> Self {
        let mut random = Random::new(u64::from(touch.seed));
        // Half of the keyboard's tracking, so that low notes keep some edge and high ones do not bite.
        let cutoff = patch.cutoff * exp2((touch.pitch - 60.0) / 24.0 + (touch.bright - 0.5) * 3.0);
        Self {
            patch,
            envelope: Envelope::new(&patch.shape, touch.gate),
            filter: Filter::new(cutoff, patch.resonance),
            noise: Noise::new(touch.seed),
            phases: [random.unit(), random.unit(), random.unit(), 0.0],
            wobble: random.unit(),
            drift: random.unit(),
            step: hertz(touch.pitch) / RATE,
            spread: [exp2(-patch.detune / 2_400.0), exp2(patch.detune / 2_400.0)],
            vibrato: 0.0,
            cutoff,
            sweep: patch.sweep * (0.4 + 0.6 * touch.strength),
            gain: 0.5 * touch.strength,
        }
    }

    /// Moves the filter, and answers the phase step for the next samples.
    fn control(&mut self) -> f32 {
        let blocks_a_second = RATE / RUN as f32;
        self.wobble += 5.1 / blocks_a_second;
        self.wobble -= (self.wobble as i32) as f32;
        self.drift += 0.11 / blocks_a_second;
        self.drift -= (self.drift as i32) as f32;
        self.vibrato += (self.patch.vibrato - self.vibrato) / (0.6 * blocks_a_second);
        self.sweep -= self.sweep / (self.patch.sweep_time * blocks_a_second);
        self.filter.tune(self.cutoff * exp2(self.sweep + 0.25 * sine(self.drift)));
        self.step * exp2(self.vibrato * sine(self.wobble) / 1_200.0)
    }

    fn oscillate(&mut self, step: f32, count: usize) -> [f32; RUN] {
        let patch = self.patch;
        let mut sum = [0.0; RUN];
        let [left, right, middle, sub] = &mut self.phases;
        if patch.saw > 0.0 {
            let steps = [step * self.spread[0], step * self.spread[1]];
            wave::add(&mut sum, left, (steps[0], count), patch.saw, wave::sawtooth(steps[0]));
            wave::add(&mut sum, right, (steps[1], count), patch.saw, wave::sawtooth(steps[1]));
        }
        if patch.square > 0.0 {
            wave::add(&mut sum, middle, (step, count), patch.square, wave::square(step));
        }
        if patch.sine > 0.0 {
            wave::add(&mut sum, sub, (step, count), patch.sine, sine);
        }
        if patch.noise > 0.0 {
            sum.iter_mut().for_each(|sample| *sample += patch.noise * self.noise.next());
        }
        sum
    }
}

impl Voice for Analog {
    fn sound(&mut self, out: &mut [f32]) -> bool {
        for run in out.chunks_mut(RUN) {
            let step = self.control();
            let tones = self.oscillate(step, run.len());
            for (sample, tone) in run.iter_mut().zip(tones) {
                *sample += self.gain * self.envelope.next() * self.filter.low(tone);
            }
        }
        !self.envelope.over()
    }
}
