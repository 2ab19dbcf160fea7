//! The drums: falling sines and coloured noise.

use super::{Touch, Voice, envelope::samples, filter::Filter};
use crate::{
    math::{RATE, decay, follow, hertz, sine},
    random::Noise,
};

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Drum {
    Kick,
    Snare,
    Rim,
    Hat,
    OpenHat,
    Shaker,
    Tom,
}

impl Drum {
    /// Only the tom has a pitch of its own to be tuned to.
    pub(super) fn strike(self, touch: &Touch) -> Box<dyn Voice> {
        let (level, seed) = (touch.strength, touch.seed);
        let hiss = |colour| Hiss::new(colour, level, seed);
        let (skins, hisses) = match self {
            Self::Kick => (vec![Skin::new(49.0, 3.2, 0.09, 0.55, 0.95 * level)], vec![hiss(KICK_CLICK)]),
            Self::Tom => (vec![Skin::new(hertz(touch.pitch), 0.35, 0.05, 0.55, 0.6 * level)], vec![hiss(TOM_CLICK)]),
            Self::Snare => (
                vec![Skin::new(182.0, 0.5, 0.02, 0.16, 0.34 * level), Skin::new(331.0, 0.2, 0.02, 0.09, 0.16 * level)],
                vec![hiss(SNARE_WIRES), Hiss::new(SNARE_BODY, level, seed ^ 0x5555)],
            ),
            Self::Rim => (
                vec![Skin::new(1_720.0, 0.0, 0.02, 0.05, 0.2 * level), Skin::new(540.0, 0.1, 0.02, 0.07, 0.24 * level)],
                vec![hiss(RIM_CRACK)],
            ),
            Self::Hat => (vec![], vec![hiss(HAT)]),
            Self::OpenHat => (vec![], vec![hiss(OPEN_HAT)]),
            Self::Shaker => (vec![], vec![hiss(SHAKER)]),
        };
        Box::new(Kit { skins, hisses })
    }
}

struct Colour {
    cutoff: f32,
    resonance: f32,
    pass: Pass,
    attack: f32,
    /// Seconds to -60 dB.
    ring: f32,
    level: f32,
}

#[derive(Clone, Copy)]
enum Pass {
    High,
    Band,
}

const KICK_CLICK: &Colour =
    &Colour { cutoff: 1_800.0, resonance: 0.2, pass: Pass::Band, attack: 0.000_4, ring: 0.025, level: 0.22 };
const TOM_CLICK: &Colour = &Colour { level: 0.11, ..*KICK_CLICK };
const SNARE_WIRES: &Colour =
    &Colour { cutoff: 3_200.0, resonance: 0.05, pass: Pass::Band, attack: 0.000_6, ring: 0.24, level: 0.55 };
const SNARE_BODY: &Colour =
    &Colour { cutoff: 900.0, resonance: 0.2, pass: Pass::Band, attack: 0.000_6, ring: 0.12, level: 0.4 };
const RIM_CRACK: &Colour =
    &Colour { cutoff: 2_600.0, resonance: 0.3, pass: Pass::Band, attack: 0.000_3, ring: 0.03, level: 0.35 };
const HAT: &Colour =
    &Colour { cutoff: 7_200.0, resonance: 0.2, pass: Pass::High, attack: 0.000_5, ring: 0.075, level: 0.3 };
const OPEN_HAT: &Colour =
    &Colour { cutoff: 6_400.0, resonance: 0.25, pass: Pass::High, attack: 0.000_8, ring: 0.42, level: 0.26 };
const SHAKER: &Colour =
    &Colour { cutoff: 5_200.0, resonance: 0.35, pass: Pass::Band, attack: 0.014, ring: 0.11, level: 0.5 };

struct Kit {
    skins: Vec<Skin>,
    hisses: Vec<Hiss>,
}

impl Voice for Kit {
    fn sound(&mut self, out: &mut [f32]) -> bool {
        self.skins.retain_mut(|skin| skin.sound(out));
        self.hisses.retain_mut(|hiss| hiss.sound(out));
        !(self.skins.is_empty() && self.hisses.is_empty())
    }
}

/// A membrane: a sine that falls to its pitch.
struct Skin {
    phase: f32,
    step: f32,
    fall: f32,
    fall_fade: f32,
    level: f32,
    fade: f32,
}

impl Skin {
    /// `fall` is how far above its pitch it starts, in multiples of it; times are to -60 dB, in seconds.
    fn new(hertz: f32, fall: f32, fall_time: f32, ring: f32, level: f32) -> Self {
        Self { phase: 0.0, step: hertz / RATE, fall, fall_fade: decay(fall_time), level, fade: decay(ring) }
    }

    fn sound(&mut self, out: &mut [f32]) -> bool {
        for sample in out {
            self.phase += self.step * (1.0 + self.fall);
            if self.phase >= 1.0 {
                self.phase -= 1.0;
            }
            self.fall *= self.fall_fade;
            *sample += self.level * sine(self.phase);
            self.level *= self.fade;
        }
        self.level > 1e-4
    }
}

/// Noise of one colour that dies away.
struct Hiss {
    noise: Noise,
    filter: Filter,
    colour: &'static Colour,
    opening: f32,
    opening_step: f32,
    level: f32,
    fade: f32,
    held: u32,
}

impl Hiss {
    fn new(colour: &'static Colour, level: f32, seed: u32) -> Self {
        Self {
            noise: Noise::new(seed),
            filter: Filter::new(colour.cutoff, colour.resonance),
            colour,
            opening: 0.0,
            opening_step: follow(colour.attack),
            level: level * colour.level,
            fade: decay(colour.ring),
            held: samples(colour.attack),
        }
    }

    fn sound(&mut self, out: &mut [f32]) -> bool {
        for sample in out {
            let noise = self.noise.next();
            let tone = match self.colour.pass {
                Pass::High => self.filter.high(noise),
                Pass::Band => self.filter.band(noise),
            };
            self.opening += (1.0 - self.opening) * self.opening_step;
            *sample += self.level * self.opening * tone;
            if self.held == 0 {
                self.level *= self.fade;
            }
            self.held = self.held.saturating_sub(1);
        }
        self.level > 1e-4
    }
}
