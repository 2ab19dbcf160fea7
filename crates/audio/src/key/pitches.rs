use crate::spectra::{RATE_HZ, Spectra};

/// Which pitches sound how much, whatever their octave, in steps of ten cents: index 0 is the C of 440 Hz.
pub(crate) type Histogram = [f32; STEPS];

/// Steps in an octave.
pub(crate) const STEPS: usize = 120;

/// Finds the tones in a stream and counts their pitches.
pub(crate) struct Pitches {
    spectra: Spectra,
    amplitudes: Vec<f32>,
    heard: Heard,
}

/// 372 ms: tones a semitone apart are distinct from 110 Hz up.
const SIZE: usize = 4_096;
const HOP: usize = 3_072;

/// All that was heard.
pub(crate) struct Heard {
    pub(crate) pitches: Histogram,
    /// Frames that are not silent.
    pub(crate) frames: u32,
    /// Frames in which tones were found.
    pub(crate) tonal: u32,
}

impl Pitches {
    pub(crate) fn new() -> Self {
        let heard = Heard { pitches: [0.0; STEPS], frames: 0, tonal: 0 };
        Self { spectra: Spectra::new(SIZE, HOP), amplitudes: Vec::new(), heard }
    }

    pub(crate) fn add(&mut self, mono: &[f32]) {
        let Self { spectra, amplitudes, heard } = self;
        spectra.add(mono, |power| {
            amplitudes.clear();
            amplitudes.extend(power.iter().take(HIGHEST + REACH + 1).map(|power| power.sqrt()));
            heard.listen(amplitudes);
        });
    }

    pub(crate) fn finish(self) -> Heard {
        self.heard
    }
}

/// The bins in which tones are looked for: 83 Hz to 2.0 kHz.
const LOWEST: usize = 31;
const HIGHEST: usize = 744;
/// Bins to each side that are a tone's surroundings.
const REACH: usize = 20;
/// A tone is so much stronger than its surroundings; white noise rarely is.
const PROMINENCE: f32 = 4.0;
/// A tone that is weaker, against the strongest frequency of the frame, does not matter.
const FAINTEST: f32 = 0.003;
/// Amplitudes below are silence: -90 dB of full scale.
const SILENCE: f32 = SIZE as f32 / 4.0 * 3e-5;
/// The lowest C in Hz.
const C0_HZ: f32 = 16.351_598;

impl Heard {
    fn listen(&mut self, amplitudes: &[f32]) {
        let loudest = amplitudes.iter().copied().fold(0.0, f32::max);
        if loudest < SILENCE {
            return;
        }
        self.frames = self.frames.saturating_add(1);
        if self.count(amplitudes, FAINTEST * loudest) {
            self.tonal = self.tonal.saturating_add(1);
        }
    }

    /// Whether there is any tone.
    fn count(&mut self, amplitudes: &[f32], faintest: f32) -> bool {
        const WINDOW: usize = 2 * REACH + 1;
        let Some(range) = amplitudes.get(LOWEST - REACH..HIGHEST + REACH + 1) else { return false };
        let mut around: f32 = range.iter().take(WINDOW - 1).sum();
        let mut any = false;
        for (from, window) in range.windows(WINDOW).enumerate() {
            around += window[WINDOW - 1];
            let (before, here, after) = (window[REACH - 1], window[REACH], window[REACH + 1]);
            let is_peak = here > before && here >= after && here > faintest;
            if is_peak && here * WINDOW as f32 > PROMINENCE * around {
                let bin = (LOWEST + from) as f32 + vertex(before, here, after);
                deposit(&mut self.pitches, (bin * RATE_HZ / SIZE as f32 / C0_HZ).log2(), here);
                any = true;
            }
            around -= window[0];
        }
        any
    }
}

/// Where between two bins a peak lies: the top of a parabola through the logarithms.
fn vertex(before: f32, here: f32, after: f32) -> f32 {
    let [a, b, c] = [before, here, after].map(|amplitude| amplitude.max(f32::MIN_POSITIVE).ln());
    let curve = a - 2.0 * b + c;
    if curve < 0.0 { (0.5 * (a - c) / curve).clamp(-0.5, 0.5) } else { 0.0 }
}

/// `pitch` is in octaves above a C.
fn deposit(pitches: &mut Histogram, pitch: f32, weight: f32) {
    let step = pitch.rem_euclid(1.0) * STEPS as f32;
    let (below, part) = (step as usize, step.fract());
    pitches[below % STEPS] += weight * (1.0 - part);
    pitches[(below + 1) % STEPS] += weight * part;
}
