//! Nightbus Cartography: the city after the last train.

use super::{Author, Published, Work};
use crate::{
    compose::{
        Setting,
        electronica::{BROKEN, Colours, DUSTY, FOUR},
    },
    picture::Scene,
    plan::{
        REST,
        Role::{Bridge, Intro, Outro, Rest, Return, Verse},
        Sketch,
    },
    score::{ADDED, DORIAN, Key, MAJOR, MINOR, NINTH, SEVENTH, SUSPENDED, on},
    voice::{Instrument, patches},
};

pub(super) const AUTHOR: Author = Author {
    handle: "nightbus-cartography",
    name: "Nightbus Cartography",
    genre: "Electronica",
    scene: Scene::Routes,
    releases: &[
        Published { title: "Terminus", kind: "ep", works: &[ROUTE_N7, WINDOW_SEAT, SODIUM_GARDEN] },
        Published { title: "Tunnel Lights", kind: "single", works: &[TUNNEL_LIGHTS] },
    ],
};

const LEAD: Instrument = Instrument::Analog(&patches::LEAD);
const GUITAR: Instrument = Instrument::Pluck(&patches::GUITAR);
const VIBRAPHONE: Instrument = Instrument::Modal(&patches::VIBRAPHONE);

#[rustfmt::skip]
const ROUTE_N7: Work = Work {
    title: "Route N7",
    sketch: Sketch {
        key: Key { tonic: 54, mode: MINOR },
        tempo: 108.0,
        metre: 4.0,
        chord_bars: 1,
        form: &[(Intro, 4), (Verse, 8), (Bridge, 8), (Rest, 4), (Return, 16), (Outro, 4)],
        verse: &[on(1, SEVENTH), on(6, SEVENTH), on(3, ADDED), on(7, ADDED)],
        bridge: &[
            on(6, SEVENTH), on(7, ADDED), on(1, SEVENTH), on(3, ADDED),
            on(6, SEVENTH), on(7, ADDED), on(4, SEVENTH), on(5, SEVENTH),
        ],
        ending: &[on(6, SEVENTH), on(7, ADDED), on(1, ADDED), on(1, ADDED)],
        theme: &[
            (REST, 1.0), (4, 0.5), (6, 0.5), (7, 1.5), (6, 0.5),
            (4, 1.5), (2, 0.5), (4, 1.0), (REST, 1.0),
            (REST, 1.0), (4, 0.5), (6, 0.5), (8, 1.0), (7, 0.5), (6, 0.5),
            (8, 1.5), (6, 0.5), (3, 1.0), (REST, 1.0),
            (REST, 1.0), (4, 0.5), (6, 0.5), (9, 1.5), (8, 0.5),
            (7, 1.5), (5, 0.5), (4, 2.0),
            (REST, 1.0), (2, 0.5), (3, 0.5), (4, 1.5), (6, 0.5),
            (3, 2.0), (1, 1.0), (REST, 1.0),
        ],
        answer: &[
            (9, 3.0), (8, 1.0),
            (8, 3.0), (6, 1.0),
            (7, 2.0), (9, 2.0),
            (6, 3.0), (REST, 1.0),
            (9, 3.0), (11, 1.0),
            (10, 2.0), (8, 2.0),
            (7, 2.0), (9, 2.0),
            (8, 3.0), (REST, 1.0),
        ],
        trim: 4.6,
        seed: 0x0b05_0001,
    },
    setting: Setting::Electronica(Colours {
        groove: &BROKEN, singer: VIBRAPHONE, arpeggio: "0.2.4.3.1.3.5.2.", swing: 0.15,
    }),
};

#[rustfmt::skip]
const WINDOW_SEAT: Work = Work {
    title: "Window Seat",
    sketch: Sketch {
        key: Key { tonic: 50, mode: DORIAN },
        tempo: 90.0,
        metre: 4.0,
        chord_bars: 1,
        form: &[(Intro, 4), (Verse, 8), (Bridge, 8), (Rest, 4), (Return, 8), (Outro, 4)],
        verse: &[on(1, NINTH), on(4, ADDED), on(7, NINTH), on(5, SEVENTH)],
        bridge: &[
            on(3, SEVENTH), on(2, SEVENTH), on(1, NINTH), on(5, SEVENTH),
            on(3, SEVENTH), on(2, SEVENTH), on(4, ADDED), on(4, SUSPENDED),
        ],
        ending: &[on(7, NINTH), on(4, ADDED), on(1, NINTH), on(1, NINTH)],
        theme: &[
            (4, 0.5), (6, 0.5), (7, 1.0), (6, 0.5), (4, 1.5),
            (5, 1.0), (4, 0.5), (3, 0.5), (1, 1.0), (REST, 1.0),
            (1, 0.5), (3, 0.5), (6, 1.5), (5, 0.5), (4, 1.0),
            (4, 2.0), (REST, 2.0),
            (4, 0.5), (6, 0.5), (8, 1.5), (7, 0.5), (6, 1.0),
            (5, 1.5), (7, 0.5), (5, 1.0), (4, 1.0),
            (3, 1.0), (1, 1.0), (REST, 0.5), (1, 0.5), (3, 1.0),
            (4, 3.0), (REST, 1.0),
        ],
        answer: &[
            (8, 2.0), (6, 2.0),
            (7, 2.0), (5, 2.0),
            (4, 1.0), (6, 1.0), (8, 2.0),
            (6, 3.0), (REST, 1.0),
            (8, 2.0), (9, 1.0), (8, 1.0),
            (7, 2.0), (8, 2.0),
            (10, 1.5), (8, 0.5), (7, 2.0),
            (6, 3.0), (REST, 1.0),
        ],
        trim: 6.2,
        seed: 0x0b05_0002,
    },
    setting: Setting::Electronica(Colours {
        groove: &DUSTY, singer: GUITAR, arpeggio: "..2...4.....3...", swing: 0.62,
    }),
};

#[rustfmt::skip]
const SODIUM_GARDEN: Work = Work {
    title: "Sodium Garden",
    sketch: Sketch {
        key: Key { tonic: 58, mode: MAJOR },
        tempo: 112.0,
        metre: 4.0,
        chord_bars: 1,
        form: &[(Intro, 8), (Verse, 8), (Bridge, 8), (Rest, 4), (Return, 16), (Outro, 4)],
        verse: &[on(1, NINTH), on(3, SEVENTH), on(6, SEVENTH), on(4, NINTH)],
        bridge: &[
            on(4, NINTH), on(5, ADDED), on(6, SEVENTH), on(1, ADDED).over(3),
            on(4, NINTH), on(5, ADDED), on(2, SEVENTH), on(5, SUSPENDED),
        ],
        ending: &[on(4, NINTH), on(5, SUSPENDED), on(1, NINTH), on(1, ADDED)],
        theme: &[
            (REST, 0.5), (2, 0.5), (4, 0.5), (6, 0.5), (5, 1.0), (4, 1.0),
            (4, 1.5), (2, 0.5), (1, 2.0),
            (REST, 0.5), (1, 0.5), (2, 0.5), (4, 0.5), (5, 1.0), (2, 1.0),
            (4, 1.5), (2, 0.5), (1, 1.0), (REST, 1.0),
            (REST, 0.5), (2, 0.5), (4, 0.5), (6, 0.5), (8, 1.0), (7, 1.0),
            (6, 1.5), (4, 0.5), (6, 2.0),
            (7, 1.0), (5, 1.0), (4, 1.0), (2, 1.0),
            (4, 3.0), (REST, 1.0),
        ],
        answer: &[
            (9, 3.0), (8, 1.0),
            (8, 3.0), (6, 1.0),
            (7, 2.0), (9, 2.0),
            (4, 3.0), (REST, 1.0),
            (5, 2.0), (4, 2.0),
            (8, 2.0), (11, 2.0),
            (10, 2.0), (8, 2.0),
            (8, 3.0), (REST, 1.0),
        ],
        trim: 5.0,
        seed: 0x0b05_0003,
    },
    setting: Setting::Electronica(Colours {
        groove: &FOUR, singer: VIBRAPHONE, arpeggio: "0213243521324354", swing: 0.1,
    }),
};

#[rustfmt::skip]
const TUNNEL_LIGHTS: Work = Work {
    title: "Tunnel Lights",
    sketch: Sketch {
        key: Key { tonic: 55, mode: MINOR },
        tempo: 118.0,
        metre: 4.0,
        chord_bars: 1,
        form: &[(Intro, 8), (Verse, 8), (Bridge, 8), (Rest, 8), (Return, 16), (Outro, 4)],
        verse: &[on(1, ADDED), on(3, ADDED), on(7, ADDED), on(6, SEVENTH)],
        bridge: &[
            on(6, SEVENTH), on(7, ADDED), on(5, SEVENTH), on(1, ADDED),
            on(6, SEVENTH), on(7, ADDED), on(4, SEVENTH), on(5, SUSPENDED),
        ],
        ending: &[on(6, SEVENTH), on(7, ADDED), on(1, ADDED), on(1, ADDED)],
        theme: &[
            (0, 0.75), (2, 0.75), (4, 0.5), (7, 1.0), (6, 1.0),
            (4, 1.5), (2, 0.5), (3, 1.0), (2, 1.0),
            (1, 0.75), (3, 0.75), (6, 0.5), (8, 1.0), (6, 1.0),
            (4, 1.5), (2, 0.5), (4, 1.0), (REST, 1.0),
            (0, 0.75), (2, 0.75), (4, 0.5), (9, 1.0), (8, 1.0),
            (6, 1.5), (4, 0.5), (6, 2.0),
            (8, 1.0), (6, 1.0), (3, 1.0), (1, 1.0),
            (2, 3.0), (REST, 1.0),
        ],
        answer: &[
            (9, 3.0), (7, 1.0),
            (8, 3.0), (6, 1.0),
            (8, 2.0), (10, 2.0),
            (9, 3.0), (REST, 1.0),
            (11, 2.0), (9, 2.0),
            (10, 2.0), (8, 2.0),
            (9, 2.0), (7, 2.0),
            (8, 3.0), (REST, 1.0),
        ],
        trim: 5.0,
        seed: 0x0b05_0004,
    },
    setting: Setting::Electronica(Colours {
        groove: &FOUR, singer: LEAD, arpeggio: "0.12.34.21.32.43", swing: 0.0,
    }),
};
