//! Three ways to set a sketch for players.

mod ambient;
mod chamber;
mod electronica;
pub(crate) mod works;

use crate::{
    plan::Sketch,
    random::Random,
    score::{Key, Note, Score},
};

/// Which players a piece is written for, and the colours in which its style varies.
#[derive(Clone, Copy)]
pub(crate) enum Setting {
    Ambient(ambient::Colours),
    Electronica(electronica::Colours),
    Chamber(chamber::Colours),
}

impl Setting {
    pub(crate) fn score(self, sketch: &Sketch) -> Score {
        match self {
            Self::Ambient(colours) => ambient::score(sketch, colours),
            Self::Electronica(colours) => electronica::score(sketch, colours),
            Self::Chamber(colours) => chamber::score(sketch, colours),
        }
    }
}

/// The same notes in another octave, softer or louder.
fn doubled(notes: &[Note], octaves: i32, strength: f32) -> Vec<Note> {
    let shift = 12.0 * octaves as f32;
    notes.iter().map(|note| Note { pitch: note.pitch + shift, strength: note.strength * strength, ..*note }).collect()
}

/// Turns around the long notes of a melody: some get the scale's upper neighbour on the way.
fn ornamented(notes: &[Note], key: Key, random: &mut Random) -> Vec<Note> {
    let mut turned = Vec::new();
    for note in notes {
        if note.beats < 1.5 || random.chance(0.45) {
            turned.push(*note);
            continue;
        }
        let quarter = note.beats.min(2.0) / 4.0;
        let neighbour = above(key, note.pitch);
        turned.push(Note { beats: 2.0 * quarter, ..*note });
        turned.push(Note {
            at: note.at + 2.0 * quarter,
            beats: quarter,
            pitch: neighbour,
            strength: note.strength * 0.7,
            ..*note
        });
        let last = 3.0 * quarter;
        turned.push(Note { at: note.at + last, beats: note.beats - last, strength: note.strength * 0.82, ..*note });
    }
    turned
}

fn above(key: Key, pitch: f32) -> f32 {
    let next = (0..70).map(|degree| key.pitch(degree) as f32).find(|candidate| *candidate > pitch + 0.5);
    next.unwrap_or(pitch)
}

/// A second voice under a melody, a sixth below in the scale.
fn sixths(notes: &[Note], key: Key, strength: f32) -> Vec<Note> {
    let under = |note: &Note| {
        let degree = (0..70).find(|degree| key.pitch(*degree) as f32 > note.pitch - 0.5)?;
        Some(Note { pitch: key.pitch(degree - 5) as f32, strength: note.strength * strength, ..*note })
    };
    notes.iter().filter_map(under).collect()
}
