//! Music with a beat: drums, a round bass, an arpeggio through an opening filter, electric piano, a lead.

use super::{doubled, ornamented, sixths};
use crate::{
    effect::Room,
    plan::{Plan, Role, Section, Sketch, Span},
    random::Random,
    score::{Note, Part, Score},
    voice::{Drum, Instrument, patches},
};

#[derive(Clone, Copy)]
pub(crate) struct Colours {
    pub(crate) groove: &'static Groove,
    /// Who plays the theme; the bridge is the lead's.
    pub(crate) singer: Instrument,
    /// The order of the arpeggio's notes, sixteen to a bar; a point is a rest.
    pub(crate) arpeggio: &'static str,
    pub(crate) swing: f64,
}

/// A bar of sixteenths for each drum: X loud, x middle, o soft; in the bass R is the root, 5 the fifth, 8 the octave.
pub(crate) struct Groove {
    kick: &'static str,
    snare: &'static str,
    rim: &'static str,
    hat: &'static str,
    open_hat: &'static str,
    shaker: &'static str,
    bass: &'static str,
}

pub(crate) const FOUR: Groove = Groove {
    kick: "X...X...X...X...",
    snare: "....x.......x...",
    rim: "...o......o....o",
    hat: "o.xoo.xoo.xoo.xo",
    open_hat: "..............x.",
    shaker: "oxooxxooxooxxxoo",
    bass: "R..R..8..R..R.58",
};

pub(crate) const BROKEN: Groove = Groove {
    kick: "X.....x...X..o..",
    snare: "....X..o....X...",
    rim: "..........o....o",
    hat: "x.oxx.o.x.oxx.oo",
    open_hat: "......x.........",
    shaker: "xoooxoooxoooxooo",
    bass: "R.....R.8.R...5.",
};

pub(crate) const DUSTY: Groove = Groove {
    kick: "X......xX.o.....",
    snare: "....x.......x...",
    rim: ".......o.......o",
    hat: "x.o.x.o.x.o.x.oo",
    open_hat: "................",
    shaker: "o...o...o...o...",
    bass: "R.....5.8..R..5.",
};

const ALL: &[Role] = &[Role::Intro, Role::Verse, Role::Bridge, Role::Rest, Role::Return, Role::Outro];
const BEATEN: &[Role] = &[Role::Verse, Role::Bridge, Role::Return];

pub(super) fn score(sketch: &Sketch, colours: Colours) -> Score {
    let plan = sketch.plan();
    let mut random = Random::new(sketch.seed);
    let mut parts = drums(&plan, colours.groove);
    parts.extend([bass(&plan, colours.groove), arpeggio(&plan, colours.arpeggio), keys(&plan), pad(&plan)]);
    parts.extend(leads(&plan, sketch, colours, &mut random));
    Score {
        parts,
        tempo: sketch.tempo,
        slowing_from: plan.end - sketch.metre,
        end: plan.end,
        swing: colours.swing,
        echo_beats: 0.75,
        room: Room { size: 0.85, ring: 2.1, treble: 5_000.0 },
        tail: 4.0,
        trim: sketch.trim,
        seed: sketch.seed,
    }
}

fn drums(plan: &Plan, groove: &Groove) -> Vec<Part> {
    let player = |drum, level, pan, pattern, roles| {
        let mut notes: Vec<Note> = plan.spans(roles).flat_map(|span| beat(span, pattern)).collect();
        if drum == Drum::Snare {
            notes.extend(plan.spans(BEATEN).filter(|span| span.index + 1 == span.of).flat_map(fill));
        }
        Part { pan, reverb: 0.06, loose: 5.0, ..Part::new(Instrument::Drum(drum), level, notes) }
    };
    let hats: &[Role] = &[Role::Intro, Role::Verse, Role::Bridge, Role::Return, Role::Outro];
    let last: &[Role] = &[Role::Bridge, Role::Return];
    vec![
        Part { reverb: 0.0, loose: 0.0, ..player(Drum::Kick, -7.5, 0.0, groove.kick, BEATEN) },
        Part { reverb: 0.16, ..player(Drum::Snare, -7.0, 0.04, groove.snare, BEATEN) },
        Part { echo: 0.12, ..player(Drum::Rim, -12.0, -0.35, groove.rim, BEATEN) },
        player(Drum::Hat, -12.5, 0.28, groove.hat, hats),
        player(Drum::OpenHat, -14.5, 0.3, groove.open_hat, last),
        player(Drum::Shaker, -16.5, -0.45, groove.shaker, ALL),
        Part { reverb: 0.25, ..toms(plan) },
    ]
}

fn beat(span: &Span, pattern: &str) -> Vec<Note> {
    let full = fullness(span);
    let steps = pattern.bytes().cycle().take((span.beats * 4.0) as usize).enumerate();
    let struck = steps.filter_map(|(step, mark)| {
        let strength = match mark {
            b'X' => 0.95,
            b'x' => 0.72,
            b'o' => 0.4,
            _ => return None,
        };
        Some(Note::new(span.at + step as f64 * 0.25, 0.25, 36, strength * (0.6 + 0.4 * full)))
    });
    struck.collect()
}

/// A roll over the last beat of a section, growing.
fn fill(span: &Span) -> Vec<Note> {
    let from = span.at + span.beats - 1.0;
    [(0.25, 0.25), (0.5, 0.4), (0.625, 0.3), (0.75, 0.6)]
        .iter()
        .map(|&(beat, strength)| Note::new(from + beat, 0.2, 36, strength))
        .collect()
}

fn toms(plan: &Plan) -> Part {
    let last = plan.spans(BEATEN).filter(|span| span.index + 1 == span.of);
    let fall = |span: &Span| {
        let from = span.at + span.beats - 2.0;
        [(0.0, 48), (0.75, 45), (1.5, 41)].map(|(beat, pitch)| Note::new(from + beat, 0.5, pitch, 0.6))
    };
    Part { width: 0.5, ..Part::new(Instrument::Drum(Drum::Tom), -10.0, last.flat_map(fall).collect()) }
}

/// How full the music is, 0..1.
fn fullness(span: &Span) -> f32 {
    match span.role {
        Role::Intro => 0.25 + 0.45 * span.progress(),
        Role::Verse => 0.7,
        Role::Bridge => 0.8,
        Role::Rest => 0.35 + 0.3 * span.progress(),
        Role::Return => 1.0,
        Role::Outro => 0.6 - 0.5 * span.progress(),
    }
}

fn bass(plan: &Plan, groove: &Groove) -> Part {
    let mut notes = Vec::new();
    for span in plan.spans(BEATEN) {
        notes.extend(walk(span, groove.bass));
    }
    for span in plan.spans(&[Role::Rest, Role::Outro]) {
        notes.push(Note::new(span.at, span.beats * 0.95, span.bass + 12, 0.6).bright(0.15));
    }
    Part { duck: 0.45, loose: 4.0, ..Part::new(Instrument::Analog(&patches::ROUND_BASS), -11.0, notes) }
}

fn walk(span: &Span, pattern: &str) -> Vec<Note> {
    let low = span.bass + 12 - if span.bass > 35 { 12 } else { 0 };
    let marks: Vec<(usize, u8)> = pattern.bytes().enumerate().filter(|(_, mark)| *mark != b'.').collect();
    let mut notes = Vec::new();
    for (i, &(step, mark)) in marks.iter().enumerate() {
        let next = marks.get(i + 1).map_or(16, |(step, _)| *step);
        let (interval, strength) = match mark {
            b'8' => (12, 0.68),
            b'5' => (7, 0.62),
            _ => (0, if step == 0 { 0.9 } else { 0.76 }),
        };
        let beats = ((next - step) as f64 * 0.25 * 0.85).min(1.2);
        notes.push(
            Note::new(span.at + step as f64 * 0.25, beats, low + interval, strength)
                .bright(0.3 + 0.25 * fullness(span)),
        );
    }
    notes
}

/// Sixteenths that climb through the chord, while the filter opens with the section.
fn arpeggio(plan: &Plan, pattern: &str) -> Part {
    let mut notes = Vec::new();
    for span in plan.spans(ALL) {
        let full = fullness(span);
        let tones = span.tones(60, 8);
        for (step, mark) in pattern.bytes().enumerate().filter(|(_, mark)| mark.is_ascii_digit()) {
            let accent = if step % 4 == 0 { 1.0 } else { 0.78 };
            let pitch = tones[usize::from(mark - b'0')];
            let note = Note::new(span.at + step as f64 * 0.25, 0.3, pitch, (0.35 + 0.35 * full) * accent);
            notes.push(note.bright(0.1 + 0.55 * full * (0.6 + 0.4 * span.progress())));
        }
    }
    let pulse = Instrument::Analog(&patches::PULSE);
    Part { width: 0.35, echo: 0.32, reverb: 0.18, duck: 0.4, loose: 3.0, ..Part::new(pulse, -13.0, notes) }
}

fn keys(plan: &Plan) -> Part {
    let mut notes = Vec::new();
    for span in plan.spans(&[Role::Verse, Role::Bridge, Role::Rest, Role::Return, Role::Outro]) {
        let late = span.index % 2 == 1;
        let sparse = matches!(span.role, Role::Rest | Role::Outro);
        let rhythm: &[(f64, f64)] = match (sparse, late) {
            (true, _) => &[(0.0, 3.6)],
            (false, false) => &[(0.0, 1.4), (1.75, 0.6), (2.5, 1.3)],
            (false, true) => &[(0.0, 1.1), (1.5, 0.8), (2.75, 1.0)],
        };
        for (i, &(beat, beats)) in rhythm.iter().enumerate() {
            let strength = (0.34 + 0.2 * fullness(span)) * if i == 0 { 1.0 } else { 0.8 };
            notes.extend(span.voicing.iter().map(|&pitch| Note::new(span.at + beat, beats, pitch, strength)));
        }
    }
    Part {
        pan: -0.18,
        width: 0.12,
        chorus: 0.5,
        reverb: 0.22,
        duck: 0.2,
        loose: 9.0,
        ..Part::new(Instrument::Keys, -10.0, notes)
    }
}

fn pad(plan: &Plan) -> Part {
    let mut notes = Vec::new();
    for span in plan.spans(&[Role::Intro, Role::Bridge, Role::Rest, Role::Return, Role::Outro]) {
        let full = fullness(span);
        for &pitch in &span.voicing {
            notes.push(Note::new(span.at, span.beats, pitch, 0.4 + 0.2 * full).bright(0.2 + 0.45 * full));
        }
    }
    let pad = Instrument::Analog(&patches::PAD);
    Part { width: 0.8, chorus: 0.6, reverb: 0.35, duck: 0.65, ..Part::new(pad, -14.5, notes) }
}

fn leads(plan: &Plan, sketch: &Sketch, colours: Colours, random: &mut Random) -> Vec<Part> {
    let first: Vec<Note> = plan.sections(Role::Verse).flat_map(|section| theme(sketch, section, 0.6)).collect();
    let again: Vec<Note> = plan.sections(Role::Return).flat_map(|section| theme(sketch, section, 0.7)).collect();
    let answer: Vec<Note> =
        plan.sections(Role::Bridge).flat_map(|section| sketch.melody(sketch.answer, section.at, 1, 0.62)).collect();
    let under = sixths(&again, sketch.key, 0.6);
    let high = doubled(&again, 1, 0.45);
    let turned = ornamented(&again, sketch.key, random);
    let lead = Instrument::Analog(&patches::LEAD);
    let bell = Instrument::Modal(&patches::BELL);
    vec![
        Part { pan: 0.14, echo: 0.3, reverb: 0.25, loose: 8.0, ..Part::new(colours.singer, -7.5, first) },
        Part { echo: 0.3, reverb: 0.28, duck: 0.15, loose: 7.0, ..Part::new(lead, -10.5, answer) },
        Part { pan: 0.14, echo: 0.25, reverb: 0.22, loose: 8.0, ..Part::new(colours.singer, -7.0, turned) },
        Part { pan: -0.25, echo: 0.2, reverb: 0.3, loose: 10.0, ..Part::new(lead, -15.5, under) },
        Part { pan: 0.4, echo: 0.4, reverb: 0.5, loose: 10.0, ..Part::new(bell, -19.0, high) },
    ]
}

/// The theme as often as its section has room for it.
fn theme(sketch: &Sketch, section: &Section, strength: f32) -> Vec<Note> {
    let length: f64 = sketch.theme.iter().map(|(_, beats)| beats).sum();
    let times = (section.beats / length + 0.01) as usize;
    let play = |time| sketch.melody(sketch.theme, section.at + time as f64 * length, 1, strength);
    (0..times).flat_map(play).collect()
}
