//! What stands behind the instruments: chorus, echo, the room, and the master.

mod chorus;
mod echo;
mod master;
mod room;

pub(crate) use chorus::Chorus;
pub(crate) use echo::Echo;
pub(crate) use master::Master;
pub(crate) use room::{Reverb, Room};

/// Far below hearing; it keeps the feedback loops out of the range of denormal numbers, where processors crawl.
const HUM: f32 = 1e-12;
