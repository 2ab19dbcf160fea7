//! Lantern Almanac: piano, harp and weather.

use super::{Author, Published, Work};
use crate::{
    compose::{
        Setting,
        ambient::{Colours, Figure},
    },
    picture::Scene,
    plan::{
        REST,
        Role::{Bridge, Intro, Outro, Return, Verse},
        Sketch,
    },
    score::{ADDED, DORIAN, Key, LYDIAN, MAJOR, MINOR, NINTH, SEVENTH, SIXTH, SUSPENDED, TRIAD, on},
    voice::{Instrument, patches},
};

pub(super) const AUTHOR: Author = Author {
    handle: "lantern-almanac",
    name: "Lantern Almanac",
    genre: "Ambient",
    scene: Scene::Lanterns,
    releases: &[Published {
        title: "Slow Weather",
        kind: "album",
        works: &[HARBOUR_BEFORE_SNOW, LAMPLIGHT_ON_SLATE, CLOUD_LEDGER, A_LETTER_TO_THE_LIGHTHOUSE, WHAT_THE_RAIN_KEPT],
    }],
};

const PIANO: Instrument = Instrument::Modal(&patches::FELT_PIANO);
const VIBRAPHONE: Instrument = Instrument::Modal(&patches::VIBRAPHONE);
const HARP: Instrument = Instrument::Pluck(&patches::HARP);
const GUITAR: Instrument = Instrument::Pluck(&patches::GUITAR);
const CELLO: Instrument = Instrument::Analog(&patches::CELLO);

#[rustfmt::skip]
const HARBOUR_BEFORE_SNOW: Work = Work {
    title: "Harbour Before Snow",
    sketch: Sketch {
        key: Key { tonic: 50, mode: MAJOR },
        tempo: 72.0,
        metre: 4.0,
        chord_bars: 1,
        form: &[(Intro, 4), (Verse, 8), (Bridge, 8), (Return, 8), (Outro, 4)],
        verse: &[
            on(1, ADDED), on(6, SEVENTH), on(4, NINTH), on(5, SUSPENDED),
            on(1, ADDED).over(3), on(4, ADDED), on(2, SEVENTH), on(5, SUSPENDED),
        ],
        bridge: &[
            on(6, SEVENTH), on(3, SEVENTH), on(4, NINTH), on(1, TRIAD).over(3),
            on(2, SEVENTH), on(6, SEVENTH), on(4, ADDED), on(5, SUSPENDED),
        ],
        ending: &[on(4, ADDED), on(4, SIXTH).from(MINOR), on(1, ADDED), on(1, ADDED)],
        theme: &[
            (4, 1.5), (2, 0.5), (1, 2.0),
            (4, 1.5), (2, 0.5), (0, 2.0),
            (5, 1.5), (4, 0.5), (2, 2.0),
            (4, 1.0), (1, 2.0), (REST, 1.0),
            (4, 1.5), (2, 0.5), (7, 2.0),
            (7, 1.0), (6, 0.5), (5, 1.5), (4, 1.0),
            (3, 1.5), (4, 0.5), (1, 2.0),
            (0, 2.0), (1, 1.0), (REST, 1.0),
        ],
        answer: &[
            (9, 3.0), (8, 1.0),
            (8, 3.0), (6, 1.0),
            (7, 2.0), (6, 1.0), (5, 1.0),
            (4, 3.0), (REST, 1.0),
            (5, 1.0), (6, 1.0), (7, 2.0),
            (9, 2.0), (7, 2.0),
            (8, 1.0), (7, 2.0), (5, 1.0),
            (4, 2.0), (1, 1.0), (REST, 1.0),
        ],
        trim: 6.7,
        seed: 0x5107_0001,
    },
    setting: Setting::Ambient(Colours {
        singer: PIANO, answerer: HARP, answer_octaves: 1, figure: Figure::LeftHand, wind: -33.0,
    }),
};

#[rustfmt::skip]
const LAMPLIGHT_ON_SLATE: Work = Work {
    title: "Lamplight on Slate",
    sketch: Sketch {
        key: Key { tonic: 57, mode: DORIAN },
        tempo: 64.0,
        metre: 4.0,
        chord_bars: 1,
        form: &[(Intro, 4), (Verse, 8), (Bridge, 8), (Return, 8), (Outro, 4)],
        verse: &[
            on(1, ADDED), on(5, SEVENTH), on(4, ADDED), on(6, SEVENTH).from(MINOR),
            on(1, ADDED), on(3, ADDED), on(4, SEVENTH).from(MINOR), on(5, SUSPENDED),
        ],
        bridge: &[
            on(6, SEVENTH).from(MINOR), on(3, ADDED), on(7, TRIAD), on(5, SEVENTH),
            on(6, SEVENTH).from(MINOR), on(3, ADDED), on(4, NINTH).from(MINOR), on(5, SUSPENDED),
        ],
        ending: &[on(4, SEVENTH).from(MINOR), on(6, NINTH).from(MINOR), on(1, ADDED), on(1, ADDED)],
        theme: &[
            (4, 3.0), (2, 1.0),
            (3, 1.0), (1, 3.0),
            (0, 1.5), (1, 0.5), (4, 2.0),
            (2, 3.0), (REST, 1.0),
            (7, 2.0), (6, 1.0), (4, 1.0),
            (6, 1.5), (4, 0.5), (3, 2.0),
            (2, 1.0), (3, 1.0), (4, 2.0),
            (1, 3.0), (REST, 1.0),
        ],
        answer: &[
            (9, 2.0), (7, 2.0),
            (9, 1.0), (8, 1.0), (6, 2.0),
            (8, 2.0), (6, 2.0),
            (4, 3.0), (REST, 1.0),
            (9, 2.0), (11, 2.0),
            (10, 1.0), (9, 1.0), (8, 2.0),
            (7, 2.0), (9, 2.0),
            (8, 3.0), (REST, 1.0),
        ],
        trim: 10.2,
        seed: 0x5107_0002,
    },
    setting: Setting::Ambient(Colours {
        singer: GUITAR, answerer: VIBRAPHONE, answer_octaves: 0, figure: Figure::Waves, wind: -30.0,
    }),
};

#[rustfmt::skip]
const CLOUD_LEDGER: Work = Work {
    title: "Cloud Ledger",
    sketch: Sketch {
        key: Key { tonic: 51, mode: LYDIAN },
        tempo: 92.0,
        metre: 3.0,
        chord_bars: 1,
        form: &[(Intro, 4), (Verse, 16), (Bridge, 8), (Return, 16), (Outro, 4)],
        verse: &[
            on(1, NINTH), on(2, TRIAD).over(1), on(7, SEVENTH), on(3, SEVENTH),
            on(6, SEVENTH), on(2, TRIAD), on(5, ADDED), on(5, SUSPENDED),
        ],
        bridge: &[
            on(6, SEVENTH), on(2, TRIAD), on(5, ADDED), on(3, SEVENTH),
            on(6, SEVENTH), on(2, TRIAD), on(7, SEVENTH), on(5, SUSPENDED),
        ],
        ending: &[on(2, TRIAD).over(1), on(6, SEVENTH), on(1, NINTH), on(1, ADDED)],
        theme: &[
            (2, 2.0), (4, 1.0),
            (5, 2.0), (3, 1.0),
            (5, 1.0), (3, 1.0), (1, 1.0),
            (4, 2.0), (REST, 1.0),
            (7, 2.0), (6, 1.0),
            (5, 2.0), (3, 1.0),
            (4, 1.0), (5, 1.0), (6, 1.0),
            (8, 2.0), (REST, 1.0),
        ],
        answer: &[
            (9, 3.0),
            (8, 2.0), (10, 1.0),
            (8, 2.0), (6, 1.0),
            (6, 3.0),
            (7, 2.0), (9, 1.0),
            (10, 2.0), (8, 1.0),
            (8, 1.0), (10, 1.0), (8, 1.0),
            (8, 2.0), (REST, 1.0),
        ],
        trim: 5.7,
        seed: 0x5107_0003,
    },
    setting: Setting::Ambient(Colours {
        singer: PIANO, answerer: VIBRAPHONE, answer_octaves: 1, figure: Figure::Waltz, wind: -36.0,
    }),
};

#[rustfmt::skip]
const A_LETTER_TO_THE_LIGHTHOUSE: Work = Work {
    title: "A Letter to the Lighthouse",
    sketch: Sketch {
        key: Key { tonic: 53, mode: MAJOR },
        tempo: 68.0,
        metre: 4.0,
        chord_bars: 1,
        form: &[(Intro, 2), (Verse, 8), (Bridge, 8), (Return, 8), (Outro, 4)],
        verse: &[
            on(1, ADDED), on(5, TRIAD).over(7), on(6, SEVENTH), on(3, SEVENTH),
            on(4, ADDED), on(1, TRIAD).over(3), on(2, SEVENTH), on(5, SUSPENDED),
        ],
        bridge: &[
            on(6, SEVENTH), on(4, NINTH), on(1, ADDED), on(5, SUSPENDED),
            on(6, SEVENTH), on(4, ADDED), on(4, SIXTH).from(MINOR), on(1, TRIAD).over(5),
        ],
        ending: &[on(4, ADDED), on(4, SIXTH).from(MINOR), on(1, ADDED), on(1, ADDED)],
        theme: &[
            (2, 1.0), (4, 1.0), (7, 2.0),
            (6, 2.0), (4, 2.0),
            (5, 1.0), (7, 1.0), (9, 2.0),
            (8, 1.5), (6, 0.5), (4, 2.0),
            (7, 1.0), (5, 1.0), (4, 2.0),
            (2, 1.0), (4, 1.0), (7, 2.0),
            (8, 1.0), (7, 1.0), (5, 2.0),
            (4, 3.0), (REST, 1.0),
        ],
        answer: &[
            (9, 2.0), (7, 2.0),
            (7, 3.0), (5, 1.0),
            (4, 2.0), (2, 2.0),
            (1, 3.0), (REST, 1.0),
            (9, 2.0), (7, 2.0),
            (8, 1.0), (7, 2.0), (5, 1.0),
            (7, 2.0), (8, 2.0),
            (9, 2.0), (7, 1.0), (REST, 1.0),
        ],
        trim: 6.5,
        seed: 0x5107_0004,
    },
    setting: Setting::Ambient(Colours {
        singer: PIANO, answerer: CELLO, answer_octaves: 0, figure: Figure::LeftHand, wind: -38.0,
    }),
};

#[rustfmt::skip]
const WHAT_THE_RAIN_KEPT: Work = Work {
    title: "What the Rain Kept",
    sketch: Sketch {
        key: Key { tonic: 59, mode: MINOR },
        tempo: 60.0,
        metre: 4.0,
        chord_bars: 1,
        form: &[(Intro, 4), (Verse, 8), (Bridge, 8), (Return, 8), (Outro, 4)],
        verse: &[
            on(1, ADDED), on(6, SEVENTH), on(3, ADDED), on(7, SUSPENDED),
            on(1, ADDED), on(4, NINTH), on(6, SEVENTH), on(5, SEVENTH),
        ],
        bridge: &[
            on(6, NINTH), on(7, ADDED), on(3, ADDED), on(4, SEVENTH),
            on(6, NINTH), on(7, ADDED), on(1, ADDED), on(1, SEVENTH),
        ],
        ending: &[on(6, NINTH), on(4, SEVENTH), on(1, ADDED), on(1, ADDED).from(MAJOR)],
        theme: &[
            (4, 3.0), (2, 1.0),
            (4, 2.0), (2, 2.0),
            (6, 3.0), (4, 1.0),
            (3, 3.0), (REST, 1.0),
            (7, 3.0), (6, 1.0),
            (4, 2.0), (5, 2.0),
            (4, 2.0), (2, 2.0),
            (1, 3.0), (REST, 1.0),
        ],
        answer: &[
            (4, 2.0), (6, 2.0),
            (7, 2.0), (8, 2.0),
            (9, 3.0), (8, 1.0),
            (7, 3.0), (REST, 1.0),
            (9, 2.0), (11, 2.0),
            (10, 2.0), (8, 2.0),
            (9, 2.0), (7, 2.0),
            (6, 1.0), (4, 3.0),
        ],
        trim: 8.9,
        seed: 0x5107_0005,
    },
    setting: Setting::Ambient(Colours {
        singer: VIBRAPHONE, answerer: CELLO, answer_octaves: 0, figure: Figure::Waves, wind: -27.0,
    }),
};
