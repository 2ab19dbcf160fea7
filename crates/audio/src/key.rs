//! Musical key: the tonic and the mode that fit the pitches of a track best.

mod pitches;
mod scales;
#[cfg(test)]
mod tests;

use pitches::{Heard, Pitches};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The key of a track.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// The note it rests on.
    pub tonic: PitchClass,
    /// The scale.
    pub mode: Mode,
    /// 0 to 1. Below 0.5 another key, most often a relative or a neighbour by a fifth, is as good.
    pub confidence: f32,
}

/// One of the twelve notes, in whatever octave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PitchClass {
    C,
    CSharp,
    D,
    DSharp,
    E,
    F,
    FSharp,
    G,
    GSharp,
    A,
    ASharp,
    B,
}

/// Which scale is built on the tonic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// With a major third.
    Major,
    /// With a minor third.
    Minor,
}

impl PitchClass {
    /// From C upwards.
    pub const ALL: [Self; 12] = [
        Self::C,
        Self::CSharp,
        Self::D,
        Self::DSharp,
        Self::E,
        Self::F,
        Self::FSharp,
        Self::G,
        Self::GSharp,
        Self::A,
        Self::ASharp,
        Self::B,
    ];
}

/// With sharps: `F#`.
impl fmt::Display for PitchClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
        f.write_str(NAMES[*self as usize])
    }
}

/// As its key signature spells it: `F# major`, `Eb major`, `C# minor`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tonic = match (self.tonic, self.mode) {
            (PitchClass::CSharp, Mode::Major) => "Db",
            (PitchClass::DSharp, _) => "Eb",
            (PitchClass::GSharp, Mode::Major) => "Ab",
            (PitchClass::ASharp, _) => "Bb",
            (tonic, mode) => return write!(f, "{tonic} {mode}"),
        };
        write!(f, "{tonic} {}", self.mode)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Major => "major",
            Self::Minor => "minor",
        })
    }
}

/// Finds the key of one track, in constant memory.
pub(crate) struct KeyMeter {
    pitches: Pitches,
}

impl KeyMeter {
    pub(crate) fn new() -> Self {
        Self { pitches: Pitches::new() }
    }

    /// Samples at 11,025 Hz, in blocks of any length.
    pub(crate) fn add(&mut self, mono_11025: &[f32]) {
        self.pitches.add(mono_11025);
    }

    /// `None` for silence, noise, drums, less than a second, or less than three different notes.
    pub(crate) fn finish(self) -> Option<Key> {
        let heard = self.pitches.finish();
        is_tonal(&heard).then(|| key(&heard)).flatten()
    }
}

/// Noise and drums have a tone now and then.
fn is_tonal(heard: &Heard) -> bool {
    heard.tonal >= 3 && u64::from(heard.tonal) * 10 >= u64::from(heard.frames)
}

fn key(heard: &Heard) -> Option<Key> {
    let tuning = scales::tuning(&heard.pitches);
    let chroma = scales::chroma(&heard.pitches, tuning);
    if notes(&chroma) < 3 {
        return None;
    }
    let fits = scales::correlations(&chroma);
    let mut order: Vec<usize> = (0..24).collect();
    order.sort_by(|a, b| fits[*b].total_cmp(&fits[*a]));
    let (best, second) = (*order.first()?, *order.get(1)?);
    let tonic = *PitchClass::ALL.get(best % 12)?;
    let mode = if best < 12 { Mode::Major } else { Mode::Minor };
    // A lead of a fifth in correlation is as clear as it gets in real music.
    let confidence = (fits[best] - fits[second]) * 5.0;
    Some(Key { tonic, mode, confidence: confidence.clamp(0.0, 1.0) })
}

/// How many notes sound at least a tenth as much as the one that sounds most.
fn notes(chroma: &scales::Chroma) -> usize {
    let most = chroma.iter().copied().fold(0.0, f32::max);
    chroma.iter().filter(|note| **note > 0.1 * most).count()
}
