mod gating;
mod k_weighting;
mod true_peak;

use self::gating::Steps;
use self::k_weighting::KWeighting;
use self::true_peak::TruePeak;
use crate::decode::Decoder;
use crate::failure::{Failure, Rejection};
use crate::layout::{Layout, Speaker};
use crate::limits::Limits;
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek};

pub use self::gating::LoudnessHistogram;

/// Loudness after EBU R 128. A field is `None` where there is nothing to measure: silence, or a track
/// that is shorter than the window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Loudness {
    /// Integrated loudness in LUFS, gated (ITU-R BS.1770-4); `None` at -70 or less.
    pub integrated_lufs: Option<f64>,
    /// Loudness range in LU (EBU Tech 3342).
    pub range_lu: Option<f64>,
    /// The loudest 400 ms in LUFS (EBU Tech 3341), looked for every 10 ms.
    pub momentary_max_lufs: Option<f64>,
    /// The loudest 3 s in LUFS (EBU Tech 3341), looked for every 10 ms.
    pub short_term_max_lufs: Option<f64>,
    /// The highest true peak of all channels in dBTP (BS.1770-4 Annex 2).
    pub true_peak_dbtp: Option<f64>,
    /// What the integrated loudness of several tracks together is made of.
    pub histogram: LoudnessHistogram,
}

/// The loudness of a whole source in one decode pass.
///
/// # Errors
/// [`Failure::Rejected`] if the source cannot be used, [`Failure::Io`] if it cannot be read.
pub fn loudness(
    source: impl Read + Seek + Send + Sync + 'static,
    extension: Option<&str>,
    limits: &Limits,
) -> Result<Loudness, Failure> {
    let mut decoder = Decoder::open(source, extension, limits)?;
    let mut meter = Meter::new(decoder.layout(), decoder.probe().sample_rate_hz);
    while let Some(block) = decoder.next_block()? {
        meter.add(block);
    }
    if decoder.frames() == 0 {
        return Err(Rejection::Empty.into());
    }
    Ok(meter.finish())
}

/// Measures the original channels.
pub(crate) struct Meter {
    channels: Vec<Channel>,
    /// Frames in a step of 10 ms.
    step_frames: usize,
    /// Frames of the step that is being filled.
    filled: usize,
    steps: Steps,
    true_peak: TruePeak,
    planar: Vec<f32>,
}

/// One that counts: the effects do not.
struct Channel {
    index: usize,
    weight: f64,
    filter: KWeighting,
    /// Of the filtered samples of the step so far.
    squares: f64,
}

impl Meter {
    pub(crate) fn new(layout: &Layout, rate_hz: u32) -> Self {
        let channels = layout.speakers().iter().enumerate().filter_map(|(index, speaker)| {
            let weight = weight(*speaker, layout)?;
            Some(Channel { index, weight, filter: KWeighting::new(rate_hz), squares: 0.0 })
        });
        Self {
            channels: channels.collect(),
            step_frames: ((rate_hz as usize + 50) / 100).max(1),
            filled: 0,
            steps: Steps::default(),
            true_peak: TruePeak::new(layout.channels(), rate_hz),
            planar: Vec::new(),
        }
    }

    /// `block` is interleaved.
    pub(crate) fn add(&mut self, block: &[f32]) {
        let channels = self.true_peak.channels();
        let mut block = block;
        while block.len() >= channels {
            let frames = (block.len() / channels).min(self.step_frames - self.filled);
            let (step, rest) = block.split_at(frames * channels);
            self.add_within_step(step, channels);
            self.filled += frames;
            if self.filled == self.step_frames {
                self.end_step();
            }
            block = rest;
        }
    }

    fn add_within_step(&mut self, step: &[f32], channels: usize) {
        let frames = step.len() / channels;
        self.planar.resize(frames, 0.0);
        let mut measured = self.channels.iter_mut().peekable();
        for index in 0..channels {
            for (sample, frame) in self.planar.iter_mut().zip(step.chunks_exact(channels)) {
                *sample = frame[index];
            }
            self.true_peak.add(index, &self.planar);
            if let Some(channel) = measured.next_if(|channel| channel.index == index) {
                channel.squares += channel.filter.sum_of_squares(&self.planar);
            }
        }
    }

    fn end_step(&mut self) {
        let squares = self.channels.iter_mut().map(|channel| channel.weight * std::mem::take(&mut channel.squares));
        self.steps.push((squares.sum::<f64>() / self.step_frames as f64) as f32);
        self.filled = 0;
    }

    pub(crate) fn finish(self) -> Loudness {
        let peak = self.true_peak.highest();
        let (momentary, short_term) = self.steps.blocks();
        let integrated_lufs = gating::integrated(&momentary);
        Loudness {
            integrated_lufs,
            range_lu: integrated_lufs.map(|_| gating::range(&short_term)),
            momentary_max_lufs: self.steps.momentary_max(),
            short_term_max_lufs: self.steps.short_term_max(),
            true_peak_dbtp: (peak > 0.0).then(|| 20.0 * f64::from(peak).log10()),
            histogram: LoudnessHistogram::of(&momentary),
        }
    }
}

/// BS.1770-4 Table 3: the surrounds (60° to 120° to the side) weigh 1.41, all others 1, the effects nothing.
fn weight(speaker: Speaker, layout: &Layout) -> Option<f64> {
    const SURROUND: f64 = 1.41;
    match speaker {
        Speaker::Effects => None,
        Speaker::SideLeft | Speaker::SideRight => Some(SURROUND),
        Speaker::RearLeft | Speaker::RearRight if !layout.has_sides() => Some(SURROUND),
        _ => Some(1.0),
    }
}
