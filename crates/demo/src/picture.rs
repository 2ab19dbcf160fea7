//! The pictures of the demo catalogue: three scenes, one for each artist, drawn from a seed; the seed of a release is its title.

mod canvas;
mod lanterns;
mod orrery;
mod png;
mod routes;

use crate::random::Random;
use canvas::{Canvas, Colour};

/// Pixels of each side.
const SIDE: usize = 1024;

/// What an artist's pictures show.
#[derive(Clone, Copy)]
pub(crate) enum Scene {
    /// Lights over water, by night.
    Lanterns,
    /// The lines of a city's buses.
    Routes,
    /// Planets of brass, on paper.
    Orrery,
}

impl Scene {
    /// A PNG of 1024 × 1024 pixels. The same title is the same bytes on every machine.
    pub(crate) fn draw(self, title: &str) -> Vec<u8> {
        let seed = title
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |seed, byte| (seed ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        let mut random = Random::new(seed);
        let canvas = match self {
            Self::Lanterns => lanterns::draw(&mut random),
            Self::Routes => routes::draw(&mut random),
            Self::Orrery => orrery::draw(&mut random),
        };
        png::encode(SIDE, &canvas.into_bytes())
    }
}
