//! The works, by their invented authors. Degrees in themes count from 0, the tonic; chords are numbered from 1.

mod lantern_almanac;
mod nightbus_cartography;
mod paper_orrery;

use super::Setting;
use crate::{picture::Scene, plan::Sketch};

pub(crate) struct Author {
    pub(crate) handle: &'static str,
    pub(crate) name: &'static str,
    pub(crate) genre: &'static str,
    pub(crate) scene: Scene,
    pub(crate) releases: &'static [Published],
}

pub(crate) struct Published {
    pub(crate) title: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) works: &'static [Work],
}

pub(crate) struct Work {
    pub(crate) title: &'static str,
    pub(crate) sketch: Sketch,
    pub(crate) setting: Setting,
}

pub(crate) static ARTISTS: [Author; 3] = [lantern_almanac::AUTHOR, nightbus_cartography::AUTHOR, paper_orrery::AUTHOR];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        plan::{REST, Theme},
        score::{Chord, Key},
    };

    /// The rule of the "avoid note": what is held must not rub a semitone (or ninth) above a note of the chord.
    #[test]
    fn held_notes_agree_with_their_chords() {
        let works = ARTISTS.iter().flat_map(|author| author.releases).flat_map(|release| release.works);
        let mut clashes = Vec::new();
        for work in works {
            let sketch = &work.sketch;
            let beats = sketch.metre * f64::from(sketch.chord_bars);
            for (theme, chords) in [(sketch.theme, sketch.verse), (sketch.answer, sketch.bridge)] {
                clashes.extend(clashing(sketch.key, theme, chords, beats).map(|clash| (work.title, clash)));
            }
        }
        assert_eq!(clashes, []);
    }

    #[test]
    fn themes_are_as_long_as_their_chords() {
        for work in ARTISTS.iter().flat_map(|author| author.releases).flat_map(|release| release.works) {
            let sketch = &work.sketch;
            for (theme, chords) in [(sketch.theme, sketch.verse), (sketch.answer, sketch.bridge)] {
                let round = chords.len() as f64 * f64::from(sketch.chord_bars) * sketch.metre;
                let length: f64 = theme.iter().map(|(_, beats)| beats).sum();
                assert!(length % round < 1e-9, "{}: {length} beats over {round}", work.title);
            }
        }
    }

    /// The beats at which a theme holds a clashing degree.
    fn clashing(key: Key, theme: Theme, chords: &[Chord], chord_beats: f64) -> impl Iterator<Item = (f64, i32)> {
        let starts = theme.iter().scan(0.0, |at, (_, beats)| Some(std::mem::replace(at, *at + beats)));
        starts.zip(theme).filter(|(_, (degree, beats))| *degree != REST && *beats >= 1.0).filter_map(
            move |(at, &(degree, _))| {
                let chord = chords[(at / chord_beats) as usize % chords.len()].pitches(key);
                let above = |semitones| chord.iter().any(|tone| (key.pitch(degree) - tone).rem_euclid(12) == semitones);
                (above(1) && !above(0)).then_some((at, degree))
            },
        )
    }
}
