//! The instruments. Each note struck makes a voice, which adds its sound to a block until it has died away.

mod air;
mod analog;
mod drum;
mod envelope;
mod filter;
mod keys;
mod modal;
mod pluck;
mod wave;

pub(crate) use analog::Patch;
pub(crate) use drum::Drum;
pub(crate) use modal::Bars;
pub(crate) use pluck::Strung;

/// One note as the performer plays it.
#[derive(Clone, Copy)]
pub(crate) struct Touch {
    /// Samples until the key is let go.
    pub(crate) gate: u32,
    /// MIDI semitones.
    pub(crate) pitch: f32,
    /// 0..1.
    pub(crate) strength: f32,
    /// 0..1.
    pub(crate) bright: f32,
    /// Makes the noise in each note its own.
    pub(crate) seed: u32,
}

pub(crate) trait Voice {
    /// Adds its next samples to `out`. Answers false once it has died away.
    fn sound(&mut self, out: &mut [f32]) -> bool;
}

/// What a part is played on.
#[derive(Clone, Copy)]
pub(crate) enum Instrument {
    /// Oscillators through a filter: pads, basses, leads, bowed strings.
    Analog(&'static Patch),
    /// Struck bodies: felt piano, marimba, vibraphone, bells.
    Modal(&'static Bars),
    /// Plucked strings.
    Pluck(&'static Strung),
    /// The electric piano.
    Keys,
    /// Wind and rain.
    Air,
    Drum(Drum),
}

impl Instrument {
    pub(crate) fn strike(self, touch: &Touch) -> Box<dyn Voice> {
        match self {
            Self::Analog(patch) => Box::new(analog::Analog::new(patch, touch)),
            Self::Modal(bars) => Box::new(modal::Modal::new(bars, touch)),
            Self::Pluck(strung) => Box::new(pluck::Pluck::new(strung, touch)),
            Self::Keys => Box::new(keys::Keys::new(touch)),
            Self::Air => Box::new(air::Air::new(touch)),
            Self::Drum(drum) => drum.strike(touch),
        }
    }
}

pub(crate) mod patches {
    //! The orchestra: every patch that the pieces use.
    pub(crate) use super::analog::{BOWED, CELLO, LEAD, PAD, PULSE, ROUND_BASS, SUB_BASS};
    pub(crate) use super::modal::{BELL, FELT_PIANO, MARIMBA, VIBRAPHONE};
    pub(crate) use super::pluck::{GUITAR, HARP, PIZZICATO};
}
