//! What is written on the page: keys, chords, notes, parts. Time is in beats; performing it is `perform.rs`.

use crate::{effect::Room, voice::Instrument};

/// A scale of seven notes, as semitones above its tonic.
#[derive(Clone, Copy)]
pub(crate) struct Mode([i32; 7]);

pub(crate) const MAJOR: Mode = Mode([0, 2, 4, 5, 7, 9, 11]);
pub(crate) const LYDIAN: Mode = Mode([0, 2, 4, 6, 7, 9, 11]);
pub(crate) const MIXOLYDIAN: Mode = Mode([0, 2, 4, 5, 7, 9, 10]);
pub(crate) const DORIAN: Mode = Mode([0, 2, 3, 5, 7, 9, 10]);
pub(crate) const MINOR: Mode = Mode([0, 2, 3, 5, 7, 8, 10]);

#[derive(Clone, Copy)]
pub(crate) struct Key {
    /// The tonic's pitch in the octave below middle C (48 is C).
    pub(crate) tonic: i32,
    pub(crate) mode: Mode,
}

impl Key {
    /// The pitch of a scale degree; 0 is the tonic, 7 the tonic an octave above, -1 the note below it.
    pub(crate) fn pitch(self, degree: i32) -> i32 {
        self.tonic + 12 * degree.div_euclid(7) + self.mode.0[degree.rem_euclid(7) as usize]
    }
}

/// The notes of a chord, as scale steps above its root.
pub(crate) type Shape = &'static [i32];

pub(crate) const TRIAD: Shape = &[0, 2, 4];
pub(crate) const SEVENTH: Shape = &[0, 2, 4, 6];
pub(crate) const NINTH: Shape = &[0, 2, 6, 8];
pub(crate) const ADDED: Shape = &[0, 2, 4, 8];
pub(crate) const SIXTH: Shape = &[0, 2, 4, 5];
pub(crate) const SUSPENDED: Shape = &[0, 3, 4];

#[derive(Clone, Copy)]
pub(crate) struct Chord {
    /// The root, as a scale degree.
    pub(crate) root: i32,
    pub(crate) shape: Shape,
    /// The scale it is borrowed from, where it is not the key's own.
    pub(crate) mode: Option<Mode>,
    /// The bass, as a scale degree; the root unless the chord is inverted.
    pub(crate) bass: i32,
}

/// The chord on a degree, counted from 1 as musicians do.
pub(crate) const fn on(degree: i32, shape: Shape) -> Chord {
    Chord { root: degree - 1, shape, mode: None, bass: degree - 1 }
}

impl Chord {
    /// The same chord from the parallel scale.
    pub(crate) const fn from(mut self, mode: Mode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// The same chord over another bass, a degree counted from 1.
    pub(crate) const fn over(mut self, degree: i32) -> Self {
        self.bass = degree - 1;
        self
    }

    pub(crate) fn key(&self, home: Key) -> Key {
        Key { mode: self.mode.unwrap_or(home.mode), ..home }
    }

    /// Its notes in close position above the root, rising.
    pub(crate) fn pitches(&self, home: Key) -> Vec<i32> {
        let key = self.key(home);
        self.shape.iter().map(|step| key.pitch(self.root + step)).collect()
    }

    pub(crate) fn bass_pitch(&self, home: Key) -> i32 {
        self.key(home).pitch(self.bass)
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Note {
    /// Its start, in beats from the beginning.
    pub(crate) at: f64,
    /// How long it is held, in beats.
    pub(crate) beats: f64,
    /// MIDI semitones.
    pub(crate) pitch: f32,
    /// How hard it is played, 0..1.
    pub(crate) strength: f32,
    /// How open its tone is, 0..1, where the instrument has such a control.
    pub(crate) bright: f32,
}

impl Note {
    pub(crate) fn new(at: f64, beats: f64, pitch: i32, strength: f32) -> Self {
        Self { at, beats, pitch: pitch as f32, strength, bright: 0.5 }
    }

    pub(crate) fn bright(mut self, bright: f32) -> Self {
        self.bright = bright;
        self
    }
}

/// One player: an instrument, its place on the stage, and its notes in any order.
pub(crate) struct Part {
    pub(crate) instrument: Instrument,
    pub(crate) notes: Vec<Note>,
    /// Level in decibels.
    pub(crate) level: f32,
    /// -1 is left, 1 is right.
    pub(crate) pan: f32,
    /// How far single notes stray from `pan`.
    pub(crate) width: f32,
    /// Shares sent to the effects, 0..1.
    pub(crate) chorus: f32,
    pub(crate) echo: f32,
    pub(crate) reverb: f32,
    /// How far each beat of the kick drum pushes it down, 0..1.
    pub(crate) duck: f32,
    /// How far the player strays from the beat, in milliseconds.
    pub(crate) loose: f32,
}

impl Part {
    pub(crate) fn new(instrument: Instrument, level: f32, notes: Vec<Note>) -> Self {
        Self {
            instrument,
            notes,
            level,
            pan: 0.0,
            width: 0.0,
            chorus: 0.0,
            echo: 0.0,
            reverb: 0.0,
            duck: 0.0,
            loose: 0.0,
        }
    }
}

/// A whole piece, ready to be performed.
pub(crate) struct Score {
    pub(crate) parts: Vec<Part>,
    /// Beats a minute.
    pub(crate) tempo: f64,
    /// The beat from which the piece slows down, and the last one.
    pub(crate) slowing_from: f64,
    pub(crate) end: f64,
    /// How late the second sixteenth of each pair comes, 0 (straight) to 1 (a triplet's place).
    pub(crate) swing: f64,
    /// The echo's distance in beats.
    pub(crate) echo_beats: f64,
    pub(crate) room: Room,
    /// Seconds of ringing after the last beat.
    pub(crate) tail: f64,
    /// Mastering gain in decibels: what brings this piece to about -16 LUFS.
    pub(crate) trim: f32,
    pub(crate) seed: u64,
}
