//! Tempo: how many beats a minute has.

mod beats;
mod excerpts;
mod levels;
mod onsets;
#[cfg(test)]
mod tests;

use onsets::Onsets;
use serde::{Deserialize, Serialize};

/// How fast a track goes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tempo {
    /// Beats per minute, at the level at which a listener would tap: 45 to 220.
    pub bpm: f32,
    /// 0 to 1. Below 0.5 another number may be as good: the music has no steady beat, or two levels of it
    /// are equally plausible.
    pub confidence: f32,
}

const SLOWEST_BPM: f32 = 45.0;
const FASTEST_BPM: f32 = 220.0;

/// Measures the tempo of one track. Keeps 345 bytes per second of music.
pub(crate) struct TempoMeter {
    onsets: Onsets,
}

impl TempoMeter {
    pub(crate) fn new() -> Self {
        Self { onsets: Onsets::new() }
    }

    /// Samples at 11,025 Hz, in blocks of any length.
    pub(crate) fn add(&mut self, mono_11025: &[f32]) {
        self.onsets.add(mono_11025);
    }

    /// `None` for silence, less than six seconds, or where no beat of any tempo in range is found.
    pub(crate) fn finish(self) -> Option<Tempo> {
        levels::choose(&excerpts::excerpts(&self.onsets.finish()))
    }
}
