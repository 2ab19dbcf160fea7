//! Slow music: pads, wind, a felt piano or a harp that sings, sparse bells.

use super::{doubled, ornamented};
use crate::{
    effect::Room,
    plan::{Plan, Role, Section, Sketch, Span},
    random::Random,
    score::{Note, Part, Score},
    voice::{Instrument, patches},
};

#[derive(Clone, Copy)]
pub(crate) struct Colours {
    /// Who sings the theme, and who answers in the bridge.
    pub(crate) singer: Instrument,
    pub(crate) answerer: Instrument,
    pub(crate) answer_octaves: i32,
    /// How the chords are broken under it.
    pub(crate) figure: Figure,
    /// Level of the wind in decibels.
    pub(crate) wind: f32,
}

#[derive(Clone, Copy)]
pub(crate) enum Figure {
    /// Low, high, middle: a left hand at a piano.
    LeftHand,
    /// Up and down in even notes.
    Waves,
    /// Bass note, then two chords.
    Waltz,
}

const ALL: &[Role] = &[Role::Intro, Role::Verse, Role::Bridge, Role::Rest, Role::Return, Role::Outro];

pub(super) fn score(sketch: &Sketch, colours: Colours) -> Score {
    let plan = sketch.plan();
    let mut random = Random::new(sketch.seed);
    let mut parts =
        vec![pad(&plan), wind(&plan, sketch, colours, -0.7), wind(&plan, sketch, colours, 0.7), bass(&plan)];
    parts.push(figure(&plan, sketch, colours));
    parts.extend(singers(&plan, sketch, colours, &mut random));
    parts.push(bells(&plan, &mut random));
    Score {
        parts,
        tempo: sketch.tempo,
        slowing_from: plan.end - 3.0 * sketch.metre,
        end: plan.end,
        swing: 0.0,
        echo_beats: 0.75,
        room: Room { size: 1.2, ring: 4.6, treble: 4_200.0 },
        tail: 5.0,
        trim: sketch.trim,
        seed: sketch.seed,
    }
}

/// How full the music is, 0..1.
fn fullness(span: &Span) -> f32 {
    match span.role {
        Role::Intro => 0.5 + 0.2 * span.progress(),
        Role::Verse => 0.65 + 0.1 * span.progress(),
        Role::Bridge => 0.75 + 0.15 * span.progress(),
        Role::Rest => 0.5,
        Role::Return => 0.95 - 0.1 * span.progress(),
        Role::Outro => 0.65 - 0.35 * span.progress(),
    }
}

fn pad(plan: &Plan) -> Part {
    let mut notes = Vec::new();
    for span in &plan.spans {
        let full = fullness(span);
        for &pitch in &span.voicing {
            notes.push(Note::new(span.at, span.beats * 1.02, pitch, 0.3 + 0.3 * full).bright(0.25 + 0.4 * full));
        }
    }
    Part { width: 0.75, chorus: 0.6, reverb: 0.45, ..Part::new(Instrument::Analog(&patches::PAD), -14.5, notes) }
}

fn wind(plan: &Plan, sketch: &Sketch, colours: Colours, pan: f32) -> Part {
    let tonic = sketch.key.tonic + 24;
    let blow = |section: &Section| Note::new(section.at, section.beats, tonic, 0.5);
    let notes = plan.sections.iter().map(blow).collect();
    Part { pan, reverb: 0.35, loose: 900.0, ..Part::new(Instrument::Air, colours.wind, notes) }
}

fn bass(plan: &Plan) -> Part {
    let sounding = plan.spans(ALL).filter(|span| span.role != Role::Intro || span.index > 1);
    let notes = sounding.map(|span| Note::new(span.at, span.beats * 0.96, span.bass + 12, 0.45 + 0.3 * fullness(span)));
    Part { loose: 12.0, ..Part::new(Instrument::Analog(&patches::SUB_BASS), -16.0, notes.collect()) }
}

fn figure(plan: &Plan, sketch: &Sketch, colours: Colours) -> Part {
    // The piano lets the pad begin; the harp is there from the first bar.
    let waits = |span: &&Span| span.role == Role::Intro && span.index < 2 && !matches!(colours.figure, Figure::Waves);
    let notes = plan
        .spans(ALL)
        .filter(|span| !waits(span))
        .flat_map(|span| broken(span, sketch.metre, colours.figure))
        .collect();
    let (instrument, level) = match colours.figure {
        Figure::Waves => (Instrument::Pluck(&patches::HARP), -15.5),
        Figure::LeftHand | Figure::Waltz => (Instrument::Modal(&patches::FELT_PIANO), -11.0),
    };
    Part { pan: -0.2, width: 0.3, reverb: 0.4, echo: 0.08, loose: 16.0, ..Part::new(instrument, level, notes) }
}

fn broken(span: &Span, metre: f64, figure: Figure) -> Vec<Note> {
    let strength = 0.25 + 0.3 * fullness(span);
    match figure {
        Figure::LeftHand => {
            let tones = span.tones(span.bass + 19, 4);
            let place = |&(beat, tone): &(f64, usize)| Note::new(span.at + beat, metre - beat, tones[tone], strength);
            let mut notes: Vec<Note> = [(0.5, 0), (1.0, 1), (2.0, 3), (2.5, 2), (3.0, 1)].iter().map(place).collect();
            notes.push(Note::new(span.at, metre, span.bass + 12, strength * 1.1));
            notes
        }
        Figure::Waves => {
            let tones = span.tones(span.bass + 19, 6);
            let order = [0, 1, 2, 3, 4, 5, 4, 2];
            let steps = (span.beats * 2.0) as usize;
            let swell = |i: usize| strength * (0.75 + 0.06 * order[i % 8] as f32);
            (0..steps).map(|i| Note::new(span.at + i as f64 * 0.5, 2.0, tones[order[i % 8]], swell(i))).collect()
        }
        Figure::Waltz => {
            let mut notes = vec![Note::new(span.at, metre, span.bass + 12, strength * 1.15)];
            for beat in [1.0, 2.0] {
                let chord = span.tones(span.bass + 22, 3);
                notes.extend(chord.iter().map(|&tone| Note::new(span.at + beat, 0.9, tone, strength * 0.62)));
            }
            notes
        }
    }
}

fn singers(plan: &Plan, sketch: &Sketch, colours: Colours, random: &mut Random) -> Vec<Part> {
    let sing = |role, strength| plan.sections(role).flat_map(move |section| repeated(sketch, section, role, strength));
    let first: Vec<Note> = sing(Role::Verse, 0.62).collect();
    let again: Vec<Note> = ornamented(&sing(Role::Return, 0.75).collect::<Vec<_>>(), sketch.key, random);
    let answer = plan
        .sections(Role::Bridge)
        .flat_map(|section| sketch.melody(sketch.answer, section.at, colours.answer_octaves, 0.66));
    let halo = doubled(&again, 1, 0.5);
    let theme = first.into_iter().chain(again).collect();
    let singer = Part { pan: 0.1, reverb: 0.5, echo: 0.2, loose: 22.0, ..Part::new(colours.singer, -4.5, theme) };
    let answerer = Part {
        pan: -0.12,
        reverb: 0.5,
        echo: 0.22,
        loose: 22.0,
        ..Part::new(colours.answerer, -7.0, answer.collect())
    };
    let bell = Instrument::Modal(&patches::BELL);
    let halo = Part { pan: 0.35, reverb: 0.8, echo: 0.3, loose: 30.0, ..Part::new(bell, -18.0, halo) };
    vec![singer, answerer, halo]
}

/// The theme as often as its section has room for it.
fn repeated(sketch: &Sketch, section: &Section, role: Role, strength: f32) -> Vec<Note> {
    let length: f64 = sketch.theme.iter().map(|(_, beats)| beats).sum();
    let times = (section.beats / length + 0.01) as usize;
    let octaves = |time: usize| if role == Role::Return && time % 2 == 1 { 2 } else { 1 };
    (0..times)
        .flat_map(|time| sketch.melody(sketch.theme, section.at + time as f64 * length, octaves(time), strength))
        .collect()
}

/// High notes of the chord, here and there.
fn bells(plan: &Plan, random: &mut Random) -> Part {
    let mut notes = Vec::new();
    for span in &plan.spans {
        let density = match span.role {
            Role::Intro | Role::Outro => 0.3,
            Role::Bridge | Role::Rest => 0.22,
            Role::Verse | Role::Return => 0.08,
        };
        for step in 0..(span.beats * 2.0) as usize {
            if random.chance(density * 0.7) {
                let pitch = random.pick(&span.tones(79, 5));
                notes.push(Note::new(span.at + step as f64 * 0.5, 2.0, pitch, 0.2 + 0.35 * random.unit()));
            }
        }
    }
    let bell = Instrument::Modal(&patches::BELL);
    Part { width: 0.8, reverb: 0.8, echo: 0.45, loose: 40.0, ..Part::new(bell, -19.0, notes) }
}
