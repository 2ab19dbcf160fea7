//! Music for the demo catalogue, composed and played by this crate alone, licence CC0 1.0.
//!
//! From the page to the speaker:
//! - `compose/works` holds what was written by hand for each piece: key, chords, themes, form ([`plan::Sketch`]);
//! - `plan` lays it out in bars and leads the voices from chord to chord;
//! - `compose/{ambient,electronica,chamber}` give each player a part (`score`);
//! - `perform` turns beats into samples, as people would play them;
//! - `voice/*` are the instruments, `effect/*` the chorus, echo, room and master, `mix` the desk between them;
//! - `wav` is the file; `picture` draws the covers.
//!
//! There is no dependency, no clock, no outside randomness and no libm: a piece is the same bytes on every machine.
//! A hundred seconds take about one, if this crate is compiled at opt-level 3.

mod block;
mod catalogue;
mod compose;
mod effect;
mod math;
mod mix;
mod perform;
mod picture;
mod plan;
mod random;
mod score;
mod voice;
mod wav;

pub use catalogue::{DemoArtist, DemoRelease, Piece, catalogue};
