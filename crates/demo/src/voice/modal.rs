//! Struck bodies as a bank of decaying sines, each a point that spirals into the origin.

use super::{Touch, Voice, envelope::samples, filter::Filter};
use crate::{
    block::BLOCK,
    math::{RATE, cosine, decay, exp2, follow, hertz, sine},
    random::Noise,
};

const LANES: usize = 8;

pub(crate) struct Bars {
    /// Frequency ratio to the fundamental, level, and ring to -60 dB at middle C in seconds.
    partials: &'static [(f32, f32, f32)],
    /// Seconds of the mallet's or hammer's contact: how soft the beginning is.
    attack: f32,
    /// Level of its knock.
    knock: f32,
    /// How much duller a soft stroke is: octaves of level per partial.
    softness: f32,
    /// Seconds to -60 dB once the key is let go; none rings on.
    damper: Option<f32>,
}

/// Two strings per partial, a little apart, so that the tone breathes; stretched as a small upright's are.
pub(crate) const FELT_PIANO: Bars = Bars {
    partials: &[
        (0.999_6, 0.52, 7.0),
        (1.000_5, 0.48, 4.5),
        (2.000_9, 0.26, 4.6),
        (2.003_5, 0.20, 3.0),
        (3.006_0, 0.18, 2.9),
        (3.009_0, 0.12, 2.0),
        (4.014_0, 0.12, 2.0),
        (5.027_0, 0.085, 1.5),
        (6.046_0, 0.060, 1.2),
        (7.072_0, 0.042, 1.0),
        (8.107_0, 0.030, 0.8),
        (9.150_0, 0.020, 0.6),
    ],
    attack: 0.002_5,
    knock: 0.10,
    softness: 0.32,
    damper: Some(0.9),
};

pub(crate) const MARIMBA: Bars = Bars {
    partials: &[(1.0, 0.8, 1.3), (3.93, 0.20, 0.42), (9.54, 0.05, 0.14), (16.7, 0.02, 0.07)],
    attack: 0.001_5,
    knock: 0.16,
    softness: 0.5,
    damper: None,
};

pub(crate) const VIBRAPHONE: Bars = Bars {
    partials: &[(1.0, 0.72, 5.5), (1.001_2, 0.2, 5.0), (3.98, 0.16, 1.8), (10.1, 0.035, 0.5)],
    attack: 0.002_5,
    knock: 0.05,
    softness: 0.5,
    damper: Some(1.6),
};

pub(crate) const BELL: Bars = Bars {
    partials: &[
        (1.0, 0.5, 5.0),
        (1.002, 0.3, 4.4),
        (2.0, 0.14, 3.0),
        (2.756, 0.16, 2.2),
        (5.404, 0.06, 1.2),
        (8.933, 0.02, 0.6),
    ],
    attack: 0.002,
    knock: 0.02,
    softness: 0.6,
    damper: None,
};

/// Eight partials side by side, as the processor likes them.
#[derive(Default)]
struct Bank {
    real: [f32; LANES],
    imaginary: [f32; LANES],
    turn_cosine: [f32; LANES],
    turn_sine: [f32; LANES],
}

pub(super) struct Modal {
    banks: Vec<Bank>,
    gate: u32,
    damper: Option<f32>,
    opening: f32,
    opening_step: f32,
    knock: Option<Knock>,
}

impl Modal {
    pub(super) fn new(bars: &Bars, touch: &Touch) -> Self {
        let base = hertz(touch.pitch);
        // High notes are short and low ones long, by the square root of the frequency.
        let ring = exp2((60.0 - touch.pitch) / 24.0);
        let mut banks = Vec::new();
        for (first, group) in bars.partials.chunks(LANES).enumerate() {
            let mut bank = Bank::default();
            for (lane, &(ratio, level, seconds)) in group.iter().enumerate() {
                let order = (first * LANES + lane) as f32;
                let dull = exp2(-bars.softness * order * (1.0 - touch.strength) * (1.5 - touch.bright));
                bank.set(lane, base * ratio, 0.5 * touch.strength * level * dull, seconds * ring);
            }
            banks.push(bank);
        }
        Self {
            banks,
            gate: touch.gate,
            damper: bars.damper,
            opening: 0.0,
            opening_step: follow(bars.attack * (1.4 - touch.strength)),
            knock: (bars.knock > 0.0)
                .then(|| Knock::new(bars.knock * touch.strength * touch.strength, base, touch.seed)),
        }
    }

    fn damp(&mut self) {
        if let Some(seconds) = self.damper.take() {
            self.banks.iter_mut().for_each(|bank| bank.scale_turn(decay(seconds)));
        }
    }
}

impl Voice for Modal {
    fn sound(&mut self, out: &mut [f32]) -> bool {
        if self.gate < out.len() as u32 {
            self.damp();
        }
        self.gate = self.gate.saturating_sub(out.len() as u32);
        let mut tones = [0.0; BLOCK];
        let tones = &mut tones[..out.len()];
        self.banks.iter_mut().for_each(|bank| bank.ring(tones));
        for (sample, tone) in out.iter_mut().zip(tones) {
            self.opening += (1.0 - self.opening) * self.opening_step;
            *sample += self.opening * *tone;
        }
        if let Some(knock) = &mut self.knock
            && !knock.sound(out)
        {
            self.knock = None;
        }
        self.banks.iter().map(Bank::energy).sum::<f32>() > 1e-9
    }
}

impl Bank {
    fn set(&mut self, lane: usize, hertz: f32, level: f32, seconds: f32) {
        if hertz > 0.4 * RATE {
            return;
        }
        let radius = decay(seconds);
        let turns = hertz / RATE;
        self.real[lane] = level;
        self.turn_cosine[lane] = radius * cosine(turns);
        self.turn_sine[lane] = radius * sine(turns);
    }

    fn scale_turn(&mut self, factor: f32) {
        for lane in 0..LANES {
            self.turn_cosine[lane] *= factor;
            self.turn_sine[lane] *= factor;
        }
    }

    fn ring(&mut self, out: &mut [f32]) {
        let Self { mut real, mut imaginary, turn_cosine, turn_sine } = *self;
        for sample in out {
            let mut sum = 0.0;
            for lane in 0..LANES {
                let (x, y) = (real[lane], imaginary[lane]);
                real[lane] = x * turn_cosine[lane] - y * turn_sine[lane];
                imaginary[lane] = x * turn_sine[lane] + y * turn_cosine[lane];
                sum += imaginary[lane];
            }
            *sample += sum;
        }
        (self.real, self.imaginary) = (real, imaginary);
    }

    fn energy(&self) -> f32 {
        self.real.iter().chain(&self.imaginary).map(|x| x * x).sum()
    }
}

/// The short dull noise of wood or felt.
struct Knock {
    noise: Noise,
    filter: Filter,
    level: f32,
    fade: f32,
    left: u32,
}

impl Knock {
    fn new(level: f32, base_hertz: f32, seed: u32) -> Self {
        let filter = Filter::new((base_hertz * 1.5).clamp(180.0, 1_200.0), 0.3);
        Self { noise: Noise::new(seed), filter, level, fade: decay(0.06), left: samples(0.08) }
    }

    fn sound(&mut self, out: &mut [f32]) -> bool {
        for sample in out.iter_mut() {
            *sample += self.level * self.filter.band(self.noise.next());
            self.level *= self.fade;
        }
        self.left = self.left.saturating_sub(out.len() as u32);
        self.left > 0
    }
}
