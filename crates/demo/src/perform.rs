//! From the page to the stage: beats become samples, and players stray a little from them.

use crate::{
    math::RATE,
    random::Random,
    score::{Note, Part, Score},
    voice::Touch,
};

/// A note with its moment.
pub(crate) struct Cue {
    /// The sample at which it sounds.
    pub(crate) start: u64,
    pub(crate) touch: Touch,
    /// -1 is left, 1 is right.
    pub(crate) pan: f32,
}

/// The last chord comes at about two thirds of the tempo.
const SLOWEST: f64 = 0.66;

/// Seconds of silence before the first beat, so that an early player still starts in full.
const BREATH: f64 = 0.15;

impl Score {
    /// Seconds from the beginning to a beat. In the last bars each beat is longer than the one before.
    pub(crate) fn seconds(&self, beat: f64) -> f64 {
        let second = 60.0 / self.tempo;
        let slow_beats = self.end - self.slowing_from;
        let into = (beat - self.slowing_from).max(0.0);
        if slow_beats <= 0.0 || into <= 0.0 {
            return beat * second;
        }
        // The beat's length grows evenly from 1 to 1 / SLOWEST; this is its integral.
        let growth = (1.0 / SLOWEST - 1.0) / slow_beats;
        (self.slowing_from + into + 0.5 * growth * into * into) * second
    }

    /// The length of the whole piece in frames.
    pub(crate) fn frames(&self) -> u32 {
        ((BREATH + self.seconds(self.end) + self.tail) * f64::from(RATE)) as u32
    }

    /// A part's notes, in the order in which they sound.
    pub(crate) fn perform(&self, part: &Part, random: &mut Random) -> Vec<Cue> {
        let mut cues: Vec<Cue> = part.notes.iter().map(|note| self.play(part, note, random)).collect();
        cues.sort_by_key(|cue| cue.start);
        cues
    }

    fn play(&self, part: &Part, note: &Note, random: &mut Random) -> Cue {
        let on = self.seconds(self.swung(note.at));
        let off = self.seconds(note.at + note.beats);
        let stray = f64::from(part.loose * random.human()) / 1_000.0;
        Cue {
            start: ((BREATH + on + stray).max(0.0) * f64::from(RATE)) as u64,
            touch: Touch {
                gate: ((off - on).max(0.01) * f64::from(RATE)) as u32,
                pitch: note.pitch,
                strength: (note.strength * (1.0 + 0.12 * random.human())).clamp(0.02, 1.0),
                bright: note.bright,
                seed: random.bits() as u32,
            },
            pan: (part.pan + part.width * random.swing()).clamp(-1.0, 1.0),
        }
    }

    /// Every second sixteenth comes late.
    fn swung(&self, at: f64) -> f64 {
        let sixteenth = at * 4.0;
        let whole = sixteenth as u64;
        let off_beat = whole % 2 == 1 && sixteenth - (whole as f64) < 0.05;
        if off_beat { at + self.swing / 12.0 } else { at }
    }
}
