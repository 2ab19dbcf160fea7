//! Music of small patterns: two marimbas in canon, plucked bass, vibraphone, strings that swell.

use super::ornamented;
use crate::{
    effect::Room,
    plan::{Plan, Role, Section, Sketch, Span},
    random::Random,
    score::{Note, Part, Score},
    voice::{Drum, Instrument, patches},
};

#[derive(Clone, Copy)]
pub(crate) struct Colours {
    /// The marimbas' bars in eighths: digits are the chord's notes from below, a point is a rest.
    pub(crate) first: &'static str,
    pub(crate) second: &'static str,
    /// Who plays the theme.
    pub(crate) singer: Instrument,
    /// Seconds that the hall rings.
    pub(crate) ring: f32,
}

const ALL: &[Role] = &[Role::Intro, Role::Verse, Role::Bridge, Role::Rest, Role::Return, Role::Outro];

pub(super) fn score(sketch: &Sketch, colours: Colours) -> Score {
    let plan = sketch.plan();
    let mut random = Random::new(sketch.seed);
    let mut parts = vec![
        marimba(&plan, sketch, colours.first, ALL, -0.5),
        marimba(&plan, sketch, colours.second, &[Role::Verse, Role::Bridge, Role::Return], 0.5),
        bass(&plan, sketch),
        strings(&plan),
        harp(&plan, sketch),
        shaker(&plan, sketch),
    ];
    parts.extend(singers(&plan, sketch, colours, &mut random));
    Score {
        parts,
        tempo: sketch.tempo,
        slowing_from: plan.end - 2.0 * sketch.metre,
        end: plan.end,
        swing: 0.0,
        echo_beats: 1.5,
        room: Room { size: 1.0, ring: colours.ring, treble: 5_200.0 },
        tail: 4.5,
        trim: sketch.trim,
        seed: sketch.seed,
    }
}

/// How full the music is, 0..1.
fn fullness(span: &Span) -> f32 {
    match span.role {
        Role::Intro => 0.4 + 0.15 * span.progress(),
        Role::Verse => 0.6 + 0.1 * span.progress(),
        Role::Bridge => 0.65 + 0.25 * span.progress(),
        Role::Rest => 0.45,
        Role::Return => 0.9 + 0.1 * span.progress(),
        Role::Outro => 0.7 - 0.35 * span.progress(),
    }
}

/// The pattern bar by bar. In the intro it is built note by note, and in the outro taken down again.
fn marimba(plan: &Plan, sketch: &Sketch, pattern: &str, roles: &[Role], pan: f32) -> Part {
    let mut notes = Vec::new();
    for span in plan.spans(roles) {
        let tones = span.tones(if pan < 0.0 { 57 } else { 64 }, 8);
        for bar in 0..bars(span, sketch) {
            let known = known(span, bar, sketch, pattern);
            let from = span.at + f64::from(bar) * sketch.metre;
            for (step, mark) in pattern.bytes().enumerate().filter(|(_, mark)| mark.is_ascii_digit()).take(known) {
                let accent = if step == 0 { 1.0 } else { 0.72 + 0.12 * ((step % 3) as f32 / 2.0) };
                let strength = (0.42 + 0.28 * fullness(span)) * accent;
                notes.push(Note::new(from + step as f64 * 0.5, 0.5, tones[usize::from(mark - b'0')], strength));
            }
        }
    }
    let marimba = Instrument::Modal(&patches::MARIMBA);
    Part { pan, width: 0.12, reverb: 0.22, loose: 7.0, ..Part::new(marimba, -7.5, notes) }
}

fn bars(span: &Span, sketch: &Sketch) -> u32 {
    (span.beats / sketch.metre + 0.01) as u32
}

/// How many notes of the pattern are played in a bar.
fn known(span: &Span, bar: u32, sketch: &Sketch, pattern: &str) -> usize {
    let all = pattern.bytes().filter(u8::is_ascii_digit).count();
    let place = (span.index as f32 + bar as f32 / bars(span, sketch) as f32) / span.of as f32;
    match span.role {
        Role::Intro => all.min(1 + (place * 1.4 * all as f32) as usize),
        Role::Outro => all - (place * 0.9 * all as f32) as usize,
        _ => all,
    }
}

fn bass(plan: &Plan, sketch: &Sketch) -> Part {
    let mut notes = Vec::new();
    for span in plan.spans(ALL).filter(|span| span.role != Role::Intro || 2 * span.index >= span.of) {
        for bar in 0..bars(span, sketch) {
            let from = span.at + f64::from(bar) * sketch.metre;
            let strength = 0.5 + 0.3 * fullness(span);
            notes.push(Note::new(from, sketch.metre * 0.5, span.bass + 12, strength));
            if fullness(span) > 0.6 {
                let middle = ((sketch.metre * 2.0 * 0.6) as u32) as f64 * 0.5;
                let other = if bar % 2 == 1 { span.bass + 19 } else { span.bass + 12 };
                notes.push(Note::new(from + middle, 0.8, other, strength * 0.75));
            }
        }
    }
    Part { pan: 0.08, reverb: 0.2, loose: 8.0, ..Part::new(Instrument::Pluck(&patches::PIZZICATO), -4.0, notes) }
}

/// Long chords; they lean into the second half of each section.
fn strings(plan: &Plan) -> Part {
    let mut notes = Vec::new();
    let bowed =
        |span: &&Span| !(matches!(span.role, Role::Intro) || span.role == Role::Verse && 2 * span.index < span.of);
    for span in plan.spans(ALL).filter(bowed) {
        let full = fullness(span);
        for &pitch in &span.voicing {
            notes.push(Note::new(span.at, span.beats * 0.98, pitch, 0.25 + 0.3 * full).bright(0.2 + 0.35 * full));
        }
        notes.push(Note::new(span.at, span.beats * 0.98, span.bass + 12, 0.5 + 0.25 * full).bright(0.35));
    }
    let bowed = Instrument::Analog(&patches::BOWED);
    Part { width: 0.7, chorus: 0.35, reverb: 0.4, loose: 25.0, ..Part::new(bowed, -15.0, notes) }
}

/// Runs through the chord where the theme comes back.
fn harp(plan: &Plan, sketch: &Sketch) -> Part {
    let mut notes = Vec::new();
    for span in plan.spans(&[Role::Return, Role::Rest]) {
        let tones = span.tones(span.bass + 24, 10);
        for step in 0..(span.beats * 2.0) as usize {
            let place = step % (sketch.metre * 2.0) as usize;
            let strength = if place == 0 { 0.5 } else { 0.36 };
            notes.push(Note::new(span.at + step as f64 * 0.5, 1.5, tones[(place * 2) % 9], strength));
        }
    }
    let harp = Instrument::Pluck(&patches::HARP);
    Part { pan: 0.3, width: 0.25, reverb: 0.35, loose: 10.0, ..Part::new(harp, -17.5, notes) }
}

fn shaker(plan: &Plan, sketch: &Sketch) -> Part {
    let mut notes = Vec::new();
    for span in plan.spans(&[Role::Bridge, Role::Return]) {
        let steps = (sketch.metre * 2.0) as usize;
        for step in 0..(span.beats * 2.0) as usize {
            let strength = if step % steps == 0 { 0.6 } else { 0.3 };
            notes.push(Note::new(span.at + step as f64 * 0.5, 0.2, 60, strength * fullness(span)));
        }
    }
    Part { pan: -0.3, reverb: 0.12, loose: 8.0, ..Part::new(Instrument::Drum(Drum::Shaker), -17.0, notes) }
}

fn singers(plan: &Plan, sketch: &Sketch, colours: Colours, random: &mut Random) -> Vec<Part> {
    let sung = |role, octaves, strength| {
        let notes = plan.sections(role).flat_map(move |section| repeated(sketch, section, octaves, strength));
        notes.collect::<Vec<Note>>()
    };
    let first = sung(Role::Verse, 1, 0.55);
    let again = ornamented(&sung(Role::Return, 1, 0.7), sketch.key, random);
    let counter = sung(Role::Return, 0, 0.5);
    let answer: Vec<Note> =
        plan.sections(Role::Bridge).flat_map(|section| sketch.melody(sketch.answer, section.at, 0, 0.7)).collect();
    let cello = Instrument::Analog(&patches::CELLO);
    let theme = first.into_iter().chain(again).collect();
    vec![
        Part { pan: 0.15, reverb: 0.35, echo: 0.08, loose: 12.0, ..Part::new(colours.singer, -7.5, theme) },
        Part { pan: -0.2, reverb: 0.35, loose: 20.0, ..Part::new(cello, -10.5, answer) },
        Part { pan: -0.2, reverb: 0.35, loose: 20.0, ..Part::new(cello, -15.0, counter) },
    ]
}

fn repeated(sketch: &Sketch, section: &Section, octaves: i32, strength: f32) -> Vec<Note> {
    let length: f64 = sketch.theme.iter().map(|(_, beats)| beats).sum();
    let times = (section.beats / length + 0.01) as usize;
    let play = |time| sketch.melody(sketch.theme, section.at + time as f64 * length, octaves, strength);
    (0..times).flat_map(play).collect()
}
