//! The Paper Orrery: small machines of wood and string.

use super::{Author, Published, Work};
use crate::{
    compose::{Setting, chamber::Colours},
    picture::Scene,
    plan::{
        REST,
        Role::{Bridge, Intro, Outro, Return, Verse},
        Sketch,
    },
    score::{ADDED, DORIAN, Key, MAJOR, MIXOLYDIAN, SEVENTH, SUSPENDED, TRIAD, on},
    voice::{Instrument, patches},
};

pub(super) const AUTHOR: Author = Author {
    handle: "the-paper-orrery",
    name: "The Paper Orrery",
    genre: "Chamber",
    scene: Scene::Orrery,
    releases: &[Published {
        title: "Small Mechanisms",
        kind: "ep",
        works: &[ESCAPEMENT, FIVE_BRASS_MOONS, THE_CLOCKMAKERS_GARDEN],
    }],
};

const VIBRAPHONE: Instrument = Instrument::Modal(&patches::VIBRAPHONE);
const PIANO: Instrument = Instrument::Modal(&patches::FELT_PIANO);

#[rustfmt::skip]
const ESCAPEMENT: Work = Work {
    title: "Escapement",
    sketch: Sketch {
        key: Key { tonic: 52, mode: DORIAN },
        tempo: 132.0,
        metre: 3.5,
        chord_bars: 2,
        form: &[(Intro, 8), (Verse, 16), (Bridge, 16), (Return, 16), (Outro, 8)],
        verse: &[
            on(1, SEVENTH), on(4, ADDED), on(7, ADDED), on(5, SEVENTH),
            on(3, SEVENTH), on(4, ADDED), on(2, SEVENTH), on(5, SUSPENDED),
        ],
        bridge: &[
            on(3, SEVENTH), on(7, ADDED), on(1, SEVENTH), on(4, ADDED),
            on(3, SEVENTH), on(7, ADDED), on(2, SEVENTH), on(5, SUSPENDED),
        ],
        ending: &[on(3, SEVENTH), on(4, ADDED), on(1, ADDED), on(1, ADDED)],
        theme: &[
            (4, 3.5), (6, 3.5),
            (5, 2.0), (4, 1.5), (3, 3.5),
            (8, 3.5), (6, 3.5),
            (4, 5.5), (REST, 1.5),
            (8, 2.0), (6, 1.5), (4, 3.5),
            (5, 3.5), (7, 3.5),
            (7, 2.0), (5, 1.5), (3, 3.5),
            (4, 5.5), (REST, 1.5),
        ],
        answer: &[
            (4, 3.5), (6, 3.5),
            (8, 2.0), (7, 1.5), (6, 3.5),
            (7, 3.5), (9, 3.5),
            (7, 5.5), (REST, 1.5),
            (9, 3.5), (8, 3.5),
            (6, 3.5), (8, 3.5),
            (7, 2.0), (5, 1.5), (3, 3.5),
            (4, 5.5), (REST, 1.5),
        ],
        trim: 6.6,
        seed: 0x0e2e_0001,
    },
    setting: Setting::Chamber(Colours { first: "0312413", second: "2.41.3.", singer: VIBRAPHONE, ring: 2.8 }),
};

#[rustfmt::skip]
const FIVE_BRASS_MOONS: Work = Work {
    title: "Five Brass Moons",
    sketch: Sketch {
        key: Key { tonic: 50, mode: MIXOLYDIAN },
        tempo: 134.0,
        metre: 5.0,
        chord_bars: 1,
        form: &[(Intro, 4), (Verse, 8), (Bridge, 8), (Return, 16), (Outro, 4)],
        verse: &[
            on(1, ADDED), on(7, ADDED), on(4, ADDED), on(1, TRIAD).over(3),
            on(5, SEVENTH), on(7, ADDED), on(4, ADDED), on(1, SUSPENDED),
        ],
        bridge: &[
            on(6, SEVENTH), on(4, ADDED), on(1, TRIAD).over(3), on(5, SEVENTH),
            on(6, SEVENTH), on(2, SEVENTH), on(7, ADDED), on(7, ADDED),
        ],
        ending: &[on(7, ADDED), on(4, ADDED), on(1, ADDED), on(1, ADDED)],
        theme: &[
            (4, 3.0), (2, 2.0),
            (1, 3.0), (3, 2.0),
            (5, 2.0), (7, 1.0), (5, 2.0),
            (4, 4.0), (REST, 1.0),
            (6, 3.0), (8, 2.0),
            (7, 2.0), (6, 1.0), (3, 2.0),
            (5, 3.0), (3, 2.0),
            (4, 4.0), (REST, 1.0),
        ],
        answer: &[
            (9, 3.0), (7, 2.0),
            (7, 3.0), (5, 2.0),
            (4, 3.0), (9, 2.0),
            (8, 4.0), (REST, 1.0),
            (9, 3.0), (11, 2.0),
            (10, 3.0), (8, 2.0),
            (7, 2.0), (8, 1.0), (10, 2.0),
            (8, 4.0), (REST, 1.0),
        ],
        trim: 6.7,
        seed: 0x0e2e_0002,
    },
    setting: Setting::Chamber(Colours { first: "0231420413", second: "..3.1..4.2", singer: VIBRAPHONE, ring: 2.4 }),
};

#[rustfmt::skip]
const THE_CLOCKMAKERS_GARDEN: Work = Work {
    title: "The Clockmaker's Garden",
    sketch: Sketch {
        key: Key { tonic: 55, mode: MAJOR },
        tempo: 118.0,
        metre: 3.0,
        chord_bars: 1,
        form: &[(Intro, 8), (Verse, 16), (Bridge, 16), (Return, 16), (Outro, 8)],
        verse: &[
            on(1, ADDED), on(5, TRIAD).over(7), on(6, SEVENTH), on(4, ADDED),
            on(1, TRIAD).over(3), on(2, SEVENTH), on(4, SEVENTH), on(5, SUSPENDED),
        ],
        bridge: &[
            on(6, SEVENTH), on(3, SEVENTH), on(4, ADDED), on(1, TRIAD).over(3),
            on(6, SEVENTH), on(2, SEVENTH), on(4, ADDED), on(5, SUSPENDED),
        ],
        ending: &[on(4, ADDED), on(5, SUSPENDED), on(1, ADDED), on(1, ADDED)],
        theme: &[
            (4, 0.5), (5, 0.5), (4, 0.5), (2, 1.5),
            (1, 1.5), (4, 1.5),
            (5, 0.5), (6, 0.5), (5, 0.5), (2, 1.5),
            (3, 1.5), (5, 1.5),
            (7, 1.0), (4, 0.5), (2, 1.5),
            (5, 1.5), (3, 1.5),
            (4, 1.5), (5, 1.5),
            (4, 2.0), (REST, 1.0),
        ],
        answer: &[
            (9, 3.0),
            (8, 1.5), (6, 1.5),
            (7, 3.0),
            (4, 2.0), (REST, 1.0),
            (9, 1.5), (11, 1.5),
            (10, 1.5), (7, 1.5),
            (9, 1.5), (7, 1.5),
            (8, 2.0), (REST, 1.0),
            (9, 3.0),
            (8, 1.5), (11, 1.5),
            (10, 1.5), (9, 1.5),
            (9, 2.0), (REST, 1.0),
            (7, 1.5), (6, 1.5),
            (5, 1.5), (7, 1.5),
            (9, 1.5), (8, 1.5),
            (4, 2.0), (REST, 1.0),
        ],
        trim: 5.9,
        seed: 0x0e2e_0003,
    },
    setting: Setting::Chamber(Colours { first: "024132", second: "3.1.4.", singer: PIANO, ring: 2.6 }),
};
