use crate::spectra::{RATE_HZ, Spectra};

/// Which pitches sound how much, whatever their octave, in steps of ten cents: index 0 is the C of 440 Hz.
pub(crate) type Histogram = [f32; STEPS];

/// Steps in an octave.
pub(crate) const STEPS: usize = 120;

/// Finds the tones in a stream and counts their pitches, for parts of twelve seconds.
pub(crate) struct Pitches {
    spectra: Spectra,
    counter: Counter,
}

/// 372 ms: tones a semitone apart are distinct from 110 Hz up.
const SIZE: usize = 4_096;
const HOP: usize = 2_048;
const FRAMES_IN_PART: u32 = 64;

/// A stretch of music.
pub(crate) struct Part {
    pub(crate) pitches: Histogram,
    /// Frames that are not silent.
    pub(crate) frames: u32,
    /// Frames in which tones were found.
    pub(crate) tonal: u32,
}

impl Pitches {
    pub(crate) fn new() -> Self {
        let counter = Counter { parts: Vec::new(), frames: 0, amplitudes: Vec::new(), tones: Vec::new() };
        Self { spectra: Spectra::new(SIZE, HOP), counter }
    }

    pub(crate) fn add(&mut self, mono: &[f32]) {
        let Self { spectra, counter } = self;
        spectra.add(mono, |power| counter.count(power));
    }

    pub(crate) fn finish(self) -> Vec<Part> {
        self.counter.parts
    }
}

struct Counter {
    parts: Vec<Part>,
    /// Frames in the last part.
    frames: u32,
    amplitudes: Vec<f32>,
    tones: Vec<Tone>,
}

/// A partial of some sound.
#[derive(Clone, Copy)]
struct Tone {
    /// Octaves above the C of 16.35 Hz.
    pitch: f32,
    amplitude: f32,
}

/// The bins in which tones are looked for: 83 Hz to 2.0 kHz.
const LOWEST: usize = 31;
const HIGHEST: usize = 744;
/// Bins to each side that are a tone's surroundings.
const REACH: usize = 20;
/// A tone is so much stronger than its surroundings, which noise is once in ten thousand times.
const PROMINENCE: f32 = 4.0;
/// A tone that is weaker, against the strongest of the frame, does not matter.
const FAINTEST: f32 = 0.01;
/// Amplitudes below are silence: -90 dB of full scale.
const SILENCE: f32 = SIZE as f32 / 4.0 * 3e-5;
/// Note 0 of the pitch histogram in Hz.
const C0_HZ: f32 = 16.351_598;

impl Counter {
    fn count(&mut self, power: &[f32]) {
        if self.parts.is_empty() || self.frames == FRAMES_IN_PART {
            self.parts.push(Part { pitches: [0.0; STEPS], frames: 0, tonal: 0 });
            self.frames = 0;
        }
        self.frames += 1;
        self.amplitudes.clear();
        self.amplitudes.extend(power.iter().map(|power| power.sqrt()));
        let loudest = self.amplitudes.iter().copied().fold(0.0, f32::max);
        let Some(part) = self.parts.last_mut().filter(|_| loudest > SILENCE) else { return };
        part.frames += 1;
        find_tones(&self.amplitudes, &mut self.tones);
        part.tonal += u32::from(!self.tones.is_empty());
        for (index, tone) in self.tones.iter().enumerate() {
            let weight = tone.amplitude.sqrt() * fundamental(&self.tones[..index], *tone);
            deposit(&mut part.pitches, tone.pitch, weight);
        }
    }
}

fn find_tones(amplitudes: &[f32], tones: &mut Vec<Tone>) {
    tones.clear();
    let Some(range) = amplitudes.get(LOWEST - REACH..HIGHEST + REACH + 1) else { return };
    let loudest = range.iter().copied().fold(0.0, f32::max);
    let mut around: f32 = range.iter().take(2 * REACH).sum();
    for (from, window) in range.windows(2 * REACH + 1).enumerate() {
        around += window[2 * REACH];
        let (before, here, after) = (window[REACH - 1], window[REACH], window[REACH + 1]);
        let peak = here > before && here >= after;
        if peak && here > FAINTEST * loudest && here * (2 * REACH + 1) as f32 > PROMINENCE * around {
            let bin = (LOWEST + from) as f32 + vertex(before, here, after);
            let pitch = (bin * RATE_HZ / SIZE as f32 / C0_HZ).log2();
            tones.push(Tone { pitch, amplitude: here });
        }
        around -= window[0];
    }
}

/// Where between two bins a peak lies: the top of a parabola through the logarithms.
fn vertex(before: f32, here: f32, after: f32) -> f32 {
    let [a, b, c] = [before, here, after].map(|amplitude| amplitude.max(f32::MIN_POSITIVE).ln());
    let curve = a - 2.0 * b + c;
    if curve < 0.0 { (0.5 * (a - c) / curve).clamp(-0.5, 0.5) } else { 0.0 }
}

/// Octaves from a tone to its partials whose pitch class is another: 3, 5, 6, 7, 9 and 10 times the frequency.
const PARTIALS: [f32; 6] = [1.584_963, 2.321_928, 2.584_963, 2.807_355, 3.169_925, 3.321_928];

/// How much a tone is one by itself, rather than a partial of a lower one that is at least about as strong.
fn fundamental(lower: &[Tone], tone: Tone) -> f32 {
    let is_partial = lower.iter().any(|root| {
        let distance = tone.pitch - root.pitch;
        root.amplitude > 0.7 * tone.amplitude && PARTIALS.iter().any(|partial| (distance - partial).abs() < 0.02)
    });
    if is_partial { 0.25 } else { 1.0 }
}

fn deposit(pitches: &mut Histogram, pitch: f32, weight: f32) {
    let step = pitch.rem_euclid(1.0) * STEPS as f32;
    let (below, part) = (step as usize, step.fract());
    pitches[below % STEPS] += weight * (1.0 - part);
    pitches[(below + 1) % STEPS] += weight * part;
}
