use crate::quality::chunk::Chunk;
use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// How high the sound reaches, and whether something has cut it off.
///
/// Three times a second the spectrum of one channel (each in its turn) is taken, in bands of about
/// 90 Hz. Two things are noted of it: the highest band that holds more than the noise of 16 bits, and
/// the steepest edge above which there is nothing. Sounds end softly, and at another frequency in every
/// moment; the low-pass of an encoder or of a converter is a cliff that stays where it is.
pub(crate) struct Bandwidth {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    /// The samples of the moment, collected until there are enough.
    moment: Vec<f32>,
    channel: usize,
    /// Frames from one moment to the next, and to the next one from here.
    period: usize,
    wait: usize,
    /// Reused for each transform.
    scratch: Vec<Complex32>,
    spectrum: Vec<Complex32>,
    /// The levels of the bands in dBFS for each bin.
    levels: Vec<f32>,
    /// What a bin's squared magnitude is multiplied by for its mean square.
    scale: f32,
    band_hz: f64,
    /// Moments by the highest band with sound in it.
    reaches: Vec<u32>,
    /// Moments by the band of their edge, and the sum of these edges' drops in dB.
    edges: Vec<u32>,
    drops: Vec<f32>,
    /// The sum of the bands' levels over all moments with sound.
    sums: Vec<f64>,
}

/// Where the sound ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reach {
    /// Sound that is above the noise of 16 bits in at least 2 % of the moments.
    pub(crate) bandwidth_hz: f64,
    /// The mean level of the median band above 28 kHz, in dBFS for each bin of about 10 Hz. (What a soft
    /// converter mirrors of loud bass fills a few bands only; noise fills all.)
    pub(crate) ultrasound_db: Option<f64>,
    pub(crate) cutoff: Option<Cutoff>,
}

/// An edge that stays at one frequency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cutoff {
    pub(crate) hz: f64,
    /// Where the mean spectrum is 8 dB lower than it was some way below.
    pub(crate) onset_hz: f64,
    /// From the kilohertz below to the highest level anywhere above.
    pub(crate) drop_db: f64,
    /// Of the moments that reach up to it, how many end there: 0 to 1.
    pub(crate) share: f64,
    /// How many moments end there.
    pub(crate) moments: u32,
}

const BINS_PER_BAND: usize = 8;
const MOMENTS_PER_SECOND: u32 = 3;
/// The white noise of 16 bits with triangular dither is -129 dBFS in each bin of a 4096-point transform.
const NOISE_DBFS: f32 = -115.0;
/// Digital silence, for arithmetic.
const NOTHING_DBFS: f32 = -200.0;
/// A moment's edge must be that high.
const STEEP_DB: f32 = 20.0;
/// The width over which the level below an edge is averaged.
const BELOW_HZ: f64 = 1_000.0;
/// The width of the edge itself: encoders' low-passes fall within a few hundred hertz …
const NARROW_HZ: f64 = 350.0;
/// … and converters' below half of 44.1 kHz within some thousand.
const WIDE_HZ: f64 = 2_000.0;
const CONVERTERS_FROM_HZ: f64 = 20_700.0;
/// What a converter's soft low-pass mirrors of sound below 24 kHz ends here.
const ULTRASOUND_FROM_HZ: f64 = 28_000.0;
/// The fall at the onset of an edge, and how far around an edge it is looked for, as a part of the frequency.
const ONSET_DB: f64 = 8.0;
const ONSET_WITHIN: f64 = 0.12;
/// Room above an edge in which there must be nothing.
const ABOVE_HZ: f64 = 500.0;

impl Bandwidth {
    pub(crate) fn new(channels: usize, rate_hz: u32) -> Self {
        let length = (f64::from(rate_hz) / 10.0) as usize;
        let length = length.clamp(256, 65_536).next_power_of_two();
        let length = if length as f64 * 8.0 > f64::from(rate_hz) { length / 2 } else { length };
        let fft = RealFftPlanner::new().plan_fft_forward(length);
        let turn = std::f64::consts::TAU / length as f64;
        let window: Vec<f32> = (0..length).map(|n| (0.5 - 0.5 * (turn * n as f64).cos()) as f32).collect();
        let weight: f32 = window.iter().map(|weight| weight * weight).sum();
        let bands = length / 2 / BINS_PER_BAND;
        Self {
            scratch: fft.make_scratch_vec(),
            spectrum: fft.make_output_vec(),
            fft,
            window,
            moment: Vec::with_capacity(length),
            channel: channels.saturating_sub(1),
            period: (rate_hz / MOMENTS_PER_SECOND).max(length as u32) as usize,
            wait: 0,
            levels: vec![NOTHING_DBFS; bands],
            scale: 2.0 / (length as f32 * weight),
            band_hz: f64::from(rate_hz) / length as f64 * BINS_PER_BAND as f64,
            reaches: vec![0; bands],
            edges: vec![0; bands],
            drops: vec![0.0; bands],
            sums: vec![0.0; bands],
        }
    }

    pub(crate) fn add(&mut self, chunk: &Chunk) {
        let frames = chunk.frames();
        let mut done = self.wait.min(frames);
        self.wait -= done;
        while done < frames {
            if self.moment.is_empty() {
                self.channel = (self.channel + 1) % chunk.channels();
            }
            let samples = chunk.samples(self.channel).get(done..).unwrap_or_default();
            let taken = samples.len().min(self.window.len() - self.moment.len());
            self.moment.extend_from_slice(&samples[..taken]);
            done += taken;
            if self.moment.len() == self.window.len() {
                self.look();
                self.wait = self.period - self.window.len();
                let skipped = self.wait.min(frames - done);
                self.wait -= skipped;
                done += skipped;
            }
        }
    }

    /// `None` if no moment has sound.
    pub(crate) fn finish(mut self) -> Option<Reach> {
        if !self.moment.is_empty() && self.reaches.iter().all(|count| *count == 0) {
            self.moment.resize(self.window.len(), 0.0); // a track that is shorter than a moment
            self.look();
        }
        let moments: u32 = self.reaches.iter().sum();
        let enough = (moments / 50).max(1);
        let highest = self.reaching().iter().rposition(|reaching| *reaching >= enough)?;
        let mut ultrasound: Vec<f64> = self.sums.iter().skip(self.bands(ULTRASOUND_FROM_HZ)).copied().collect();
        ultrasound.sort_unstable_by(f64::total_cmp);
        let median = ultrasound.get(ultrasound.len() / 2);
        Some(Reach {
            bandwidth_hz: (highest + 1) as f64 * self.band_hz,
            ultrasound_db: median.map(|sum| sum / f64::from(moments)),
            cutoff: self.cutoff(),
        })
    }

    /// Take the spectrum of the moment.
    fn look(&mut self) {
        self.moment.iter_mut().zip(&self.window).for_each(|(sample, weight)| *sample *= weight);
        let result = self.fft.process_with_scratch(&mut self.moment, &mut self.spectrum, &mut self.scratch);
        self.moment.clear();
        if result.is_err() {
            return; // only for buffers of other lengths
        }
        let scale = self.scale / BINS_PER_BAND as f32;
        for (level, bins) in self.levels.iter_mut().zip(self.spectrum.chunks_exact(BINS_PER_BAND)) {
            let power: f32 = bins.iter().map(Complex32::norm_sqr).sum();
            *level = (10.0 * (power * scale).log10()).max(NOTHING_DBFS);
        }
        if let Some(reach) = self.levels.iter().rposition(|level| *level > NOISE_DBFS) {
            self.reaches[reach] = self.reaches[reach].saturating_add(1);
            self.sums.iter_mut().zip(&self.levels).for_each(|(sum, level)| *sum += f64::from(*level));
        }
        if let Some((band, drop)) = self.edge() {
            self.edges[band] = self.edges[band].saturating_add(1);
            self.drops[band] += drop;
        }
    }

    /// The greatest drop to nothing: the band above it, and how deep it is in dB.
    fn edge(&self) -> Option<(usize, f32)> {
        let below = self.bands(BELOW_HZ);
        let mut highest_above = NOTHING_DBFS;
        let mut above_from = self.levels.len();
        let mut best = None;
        let mut sum: f32 = self.levels.iter().rev().take(below).sum();
        for band in (below..self.levels.len()).rev() {
            // `sum` slides down to the levels of the bands just below this one.
            sum += self.levels[band - below] - self.levels[band];
            let wide = if self.is_converters(band) { WIDE_HZ } else { NARROW_HZ };
            let above = band + self.bands(wide);
            if above + self.bands(ABOVE_HZ) > self.levels.len() {
                continue;
            }
            while above_from > above {
                above_from -= 1;
                highest_above = highest_above.max(self.levels[above_from]);
            }
            let drop = sum / below as f32 - highest_above;
            if drop >= best.map_or(STEEP_DB, |(_, deepest)| deepest) {
                best = Some((band, drop));
            }
        }
        best
    }

    fn cutoff(&self) -> Option<Cutoff> {
        // The middle of a soft edge is less sure.
        let slack = if self.is_converters(band_of_most(&self.edges)) { self.bands(BELOW_HZ) } else { 3 };
        let near = |band: usize| band.saturating_sub(slack)..(band + slack + 1).min(self.edges.len());
        let votes = |band: usize| self.edges[near(band)].iter().sum::<u32>();
        let band = (0..self.edges.len()).max_by_key(|band| (votes(*band), self.edges[*band]))?;
        let moments = votes(band);
        let reaching = self.reaching();
        let wide = reaching.get(band.saturating_sub(self.bands(BELOW_HZ)))?;
        let drop_db = f64::from(self.drops[near(band)].iter().sum::<f32>()) / f64::from(moments);
        let share = (f64::from(moments) / f64::from((*wide).max(moments))).min(1.0);
        let onset_hz = self.onset(band) as f64 * self.band_hz;
        (moments > 0).then_some(Cutoff { hz: band as f64 * self.band_hz, onset_hz, drop_db, share, moments })
    }

    /// Where the mean spectrum begins to fall into an edge: the band that is [`ONSET_DB`] below the level
    /// from 22 to 12 % under the edge.
    fn onset(&self, edge: usize) -> usize {
        let moments = f64::from(self.reaches.iter().sum::<u32>().max(1));
        let (far, near) = ((edge as f64 * (1.0 - 0.22)) as usize, (edge as f64 * (1.0 - ONSET_WITHIN)) as usize);
        let passed = self.sums.get(far..near.max(far + 1)).unwrap_or_default();
        let floor = passed.iter().sum::<f64>() / passed.len().max(1) as f64 / moments - ONSET_DB;
        let is_low = |band: usize| self.sums.get(band).is_none_or(|sum| sum / moments < floor);
        let end = (edge as f64 * (1.0 + ONSET_WITHIN)) as usize;
        let last_high = (near..end).rev().find(|band| !is_low(*band));
        last_high.map_or(near, |band| band + 1)
    }

    fn is_converters(&self, band: usize) -> bool {
        band as f64 * self.band_hz >= CONVERTERS_FROM_HZ
    }

    /// For each band, how many moments reach it.
    fn reaching(&self) -> Vec<u32> {
        let mut reaching = self.reaches.clone();
        for band in (1..reaching.len()).rev() {
            reaching[band - 1] += reaching[band];
        }
        reaching
    }

    fn bands(&self, hz: f64) -> usize {
        (hz / self.band_hz).ceil() as usize
    }
}

fn band_of_most(counts: &[u32]) -> usize {
    counts.iter().enumerate().max_by_key(|(_, count)| **count).map_or(0, |(band, _)| band)
}
