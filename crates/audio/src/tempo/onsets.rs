use crate::spectra::{RATE_HZ, Spectra};
use std::ops::Range;

/// How much new sound begins, 86 times a second: spectral flux over bands of roughly equal pitch width.
pub(crate) struct Onsets {
    spectra: Spectra,
    bands: Bands,
    envelope: Vec<f32>,
}

const SIZE: usize = 512;
const HOP: usize = 128;

/// Values of the envelope per second.
pub(crate) const FRAMES_PER_SECOND: f32 = RATE_HZ / HOP as f32;

impl Onsets {
    pub(crate) fn new() -> Self {
        Self { spectra: Spectra::new(SIZE, HOP), bands: Bands::new(), envelope: Vec::new() }
    }

    pub(crate) fn add(&mut self, mono: &[f32]) {
        let Self { spectra, bands, envelope } = self;
        spectra.add(mono, |power| envelope.push(bands.flux(power)));
    }

    pub(crate) fn finish(self) -> Vec<f32> {
        self.envelope
    }
}

struct Bands {
    /// Frequencies of each band.
    bins: Vec<Range<usize>>,
    weights: Vec<f32>,
    /// Loudness of each band in this frame and the two before.
    loudness: [Vec<f32>; 3],
    frames: u32,
}

/// The edges of the bands in bins of 21.5 Hz: 21 Hz to 5.3 kHz.
const EDGES: [usize; 22] = [1, 3, 5, 7, 9, 11, 14, 17, 20, 24, 29, 35, 42, 50, 60, 72, 86, 103, 123, 147, 185, 248];

impl Bands {
    fn new() -> Self {
        let bins: Vec<Range<usize>> = EDGES.windows(2).map(|edges| edges[0]..edges[1]).collect();
        let weights = bins.iter().map(weight).collect();
        let silence = vec![0.0; bins.len()];
        Self { bins, weights, loudness: [silence.clone(), silence.clone(), silence], frames: 0 }
    }

    /// The rise of loudness against two frames ago, summed over the bands. The neighbours count as the past
    /// of a band too, so that a voice that glides is not taken for new notes.
    fn flux(&mut self, power: &[f32]) -> f32 {
        self.loudness.rotate_right(1);
        let [now, _, before] = &mut self.loudness;
        for (loudness, bins) in now.iter_mut().zip(&self.bins) {
            // The fourth root of power: louder music only scales it, and it is about what an ear makes of it.
            *loudness = power.get(bins.clone()).unwrap_or_default().iter().sum::<f32>().sqrt().sqrt();
        }
        let (mut flux, mut total) = (0.0, 0.0);
        for (band, (loudness, weight)) in now.iter().zip(&self.weights).enumerate() {
            let neighbours = band.saturating_sub(1)..(band + 2).min(before.len());
            let past = before[neighbours].iter().fold(0f32, |past, loudness| past.max(*loudness));
            flux += weight * (loudness - past).max(0.0);
            total += weight * loudness;
        }
        self.frames = self.frames.saturating_add(1);
        // What sounds when the track begins did not begin there.
        if self.frames > 2 && flux > FAINTEST * total { flux } else { 0.0 }
    }
}

/// A rise by a smaller share of the loudness (0.35 dB) is none: a steady tone trembles that much.
const FAINTEST: f32 = 0.01;

/// Bass drums fill few bands, snares and cymbals many: without weights, they alone would be heard.
fn weight(bins: &Range<usize>) -> f32 {
    match bins.start {
        0..9 => 1.0,
        9..60 => 0.5,
        _ => 0.35,
    }
}
