//! The form of a piece: its sections, and in each bar the chord and how its voices move from the last one.

use crate::score::{Chord, Key, Note};

#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Role {
    Intro,
    Verse,
    Bridge,
    Rest,
    Return,
    Outro,
}

/// What is composed by hand for each piece; the styles in `compose/` set it for their players.
pub(crate) struct Sketch {
    pub(crate) key: Key,
    /// Beats a minute.
    pub(crate) tempo: f64,
    /// Beats in a bar.
    pub(crate) metre: f64,
    /// Bars for each chord.
    pub(crate) chord_bars: u32,
    /// Sections and their bars.
    pub(crate) form: &'static [(Role, u32)],
    pub(crate) verse: &'static [Chord],
    pub(crate) bridge: &'static [Chord],
    pub(crate) ending: &'static [Chord],
    /// The melody over the verse, and the one over the bridge.
    pub(crate) theme: Theme,
    pub(crate) answer: Theme,
    /// Mastering gain in decibels.
    pub(crate) trim: f32,
    pub(crate) seed: u64,
}

/// Scale degrees and how many beats they last.
pub(crate) type Theme = &'static [(i32, f64)];

/// A silence in a theme.
pub(crate) const REST: i32 = i32::MIN;

/// The time of one chord.
pub(crate) struct Span {
    pub(crate) role: Role,
    /// In beats.
    pub(crate) at: f64,
    pub(crate) beats: f64,
    /// Its place in the section, and how many there are.
    pub(crate) index: usize,
    pub(crate) of: usize,
    /// The chord as it is played in the middle of the keyboard, rising.
    pub(crate) voicing: Vec<i32>,
    /// The lowest note, between the E of a bass guitar and an octave above.
    pub(crate) bass: i32,
}

pub(crate) struct Section {
    pub(crate) role: Role,
    /// In beats.
    pub(crate) at: f64,
    pub(crate) beats: f64,
}

pub(crate) struct Plan {
    pub(crate) sections: Vec<Section>,
    pub(crate) spans: Vec<Span>,
    /// In beats.
    pub(crate) end: f64,
}

impl Sketch {
    pub(crate) fn plan(&self) -> Plan {
        let mut plan = Plan { sections: Vec::new(), spans: Vec::new(), end: 0.0 };
        let mut voicing = Vec::new();
        for &(role, bars) in self.form {
            let of = (bars / self.chord_bars) as usize;
            plan.sections.push(Section { role, at: plan.end, beats: f64::from(bars) * self.metre });
            for index in 0..of {
                let chord = self.chord(role, index, of);
                voicing = lead(&voicing, &chord.pitches(self.key));
                let beats = self.metre * f64::from(self.chord_bars);
                let bass = 28 + (chord.bass_pitch(self.key) - 28).rem_euclid(12);
                plan.spans.push(Span { role, at: plan.end, beats, index, of, voicing: voicing.clone(), bass });
                plan.end += beats;
            }
        }
        plan
    }

    fn chord(&self, role: Role, index: usize, of: usize) -> Chord {
        match role {
            Role::Bridge => self.bridge[index % self.bridge.len()],
            Role::Outro => self.ending[index * self.ending.len() / of],
            Role::Intro | Role::Verse | Role::Rest | Role::Return => self.verse[index % self.verse.len()],
        }
    }

    /// A theme from a beat on, `octaves` above the key's own octave.
    pub(crate) fn melody(&self, theme: Theme, at: f64, octaves: i32, strength: f32) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut beat = at;
        for &(degree, beats) in theme {
            if degree != REST {
                let pitch = self.key.pitch(degree + 7 * octaves);
                notes.push(Note::new(beat, beats, pitch, strength * phrase(beat - at, theme)));
            }
            beat += beats;
        }
        notes
    }
}

impl Plan {
    pub(crate) fn sections(&self, role: Role) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.role == role)
    }

    pub(crate) fn spans<'a>(&'a self, roles: &'a [Role]) -> impl Iterator<Item = &'a Span> {
        self.spans.iter().filter(|span| roles.contains(&span.role))
    }
}

impl Span {
    /// How far into its section it stands, 0..1.
    pub(crate) fn progress(&self) -> f32 {
        self.index as f32 / self.of as f32
    }

    /// The notes of the chord from `low` upwards, `count` of them.
    pub(crate) fn tones(&self, low: i32, count: usize) -> Vec<i32> {
        (low..low + 60).filter(|pitch| self.holds(*pitch)).take(count).collect()
    }

    fn holds(&self, pitch: i32) -> bool {
        self.voicing.iter().any(|tone| (tone - pitch) % 12 == 0)
    }
}

/// The swell of a phrase: it grows to its third quarter and falls back.
fn phrase(into: f64, theme: Theme) -> f32 {
    let length: f64 = theme.iter().map(|(_, beats)| beats).sum();
    let place = (into / (0.5 * length)) % 1.0;
    let distance = if place < 0.7 { (0.7 - place) / 0.7 } else { (place - 0.7) / 0.3 };
    (1.0 - 0.28 * distance * distance) as f32
}

/// Where chords lie: around middle C.
const CENTRE: i32 = 60;

/// The inversion that moves the voices least from the last chord, and stays near the middle.
fn lead(last: &[i32], close: &[i32]) -> Vec<i32> {
    let mut best = Vec::new();
    let mut least = i32::MAX;
    for inversion in 0..close.len() {
        for octave in -2..=2 {
            let voicing = invert(close, inversion, octave);
            let cost = cost(last, &voicing);
            if cost < least {
                (least, best) = (cost, voicing);
            }
        }
    }
    best
}

fn invert(close: &[i32], inversion: usize, octave: i32) -> Vec<i32> {
    // Within one octave first, so that a ninth stands beside its root and not above everything.
    let root = close[0];
    let mut tones: Vec<i32> = close.iter().map(|tone| root + (tone - root).rem_euclid(12)).collect();
    tones.sort_unstable();
    for tone in tones.iter_mut().take(inversion) {
        *tone += 12;
    }
    tones.sort_unstable();
    tones.iter().map(|tone| tone + 12 * octave).collect()
}

fn cost(last: &[i32], voicing: &[i32]) -> i32 {
    let moved: i32 =
        voicing.iter().enumerate().map(|(i, tone)| last.get(i).map_or(0, |before| (tone - before).abs())).sum();
    let middle = voicing.iter().sum::<i32>() / voicing.len() as i32;
    let muddy = if voicing[1] - voicing[0] < 3 { 6 } else { 0 }; // a second at the bottom
    2 * moved + (middle - CENTRE).abs() + muddy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_move_by_step_where_they_can() {
        let first = lead(&[], &[48, 52, 55]);
        let second = lead(&first, &[53, 57, 60]);
        let moved: i32 = first.iter().zip(&second).map(|(a, b)| (a - b).abs()).sum();
        assert!(moved <= 4, "{first:?} to {second:?}");
    }
}
