use crate::decimate::Decimator;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::key::{Key, KeyMeter};
use crate::layout::Layout;
use crate::loudness::{Loudness, Meter};
use crate::probe::Probe;
use crate::quality::{Finding, Quality, QualityMeter, findings};
use crate::tempo::{Tempo, TempoMeter};
use crate::waveform::{Shape, Waveform};
use serde::{Deserialize, Serialize};

/// Measured while decoding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// Frames decoded, at the source's rate.
    pub frames: u64,
    /// The source's frames per second.
    pub sample_rate_hz: u32,
    /// The source's samples per frame.
    pub channels: u16,
    /// After EBU R 128.
    pub loudness: Loudness,
    /// The technical quality of the sound.
    pub quality: Quality,
    /// What of it the artist should know.
    pub findings: Vec<Finding>,
    /// How fast it is, where there is a beat.
    pub tempo: Option<Tempo>,
    /// What key it is in, where there are tones.
    pub key: Option<Key>,
}

/// All that listens to the one pass.
pub(crate) struct Analyser {
    meter: Meter,
    shape: Shape,
    quality: QualityMeter,
    decimator: Decimator,
    /// What the decimator gave.
    mono: Vec<f32>,
    fingerprinter: Fingerprinter,
    tempo: TempoMeter,
    key: KeyMeter,
}

/// What they have heard.
pub(crate) struct Heard {
    pub(crate) analysis: Analysis,
    pub(crate) waveform: Waveform,
    pub(crate) fingerprint: Fingerprint,
}

impl Analyser {
    pub(crate) fn new(layout: &Layout, probe: &Probe) -> Self {
        let rate_hz = probe.sample_rate_hz;
        Self {
            meter: Meter::new(layout, rate_hz),
            shape: Shape::new(layout.channels()),
            quality: QualityMeter::new(layout.channels(), rate_hz, probe.codec.is_lossless()),
            decimator: Decimator::new(layout, rate_hz, probe.bits_per_sample),
            mono: Vec::new(),
            fingerprinter: Fingerprinter::new(),
            tempo: TempoMeter::new(),
            key: KeyMeter::new(),
        }
    }

    /// `block` is interleaved, in the source's channels and rate.
    pub(crate) fn add(&mut self, block: &[f32]) {
        self.meter.add(block);
        self.shape.add(block);
        self.quality.add(block);
        self.decimator.push(block, &mut self.mono);
        self.add_mono();
    }

    pub(crate) fn finish(mut self, probe: &Probe, frames: u64) -> Heard {
        self.decimator.finish(&mut self.mono);
        self.add_mono();
        let loudness = self.meter.finish();
        let quality = self.quality.finish();
        Heard {
            analysis: Analysis {
                frames,
                sample_rate_hz: probe.sample_rate_hz,
                channels: probe.channels,
                findings: findings(&quality, probe, &loudness),
                loudness,
                quality,
                tempo: self.tempo.finish(),
                key: self.key.finish(),
            },
            waveform: self.shape.finish(),
            fingerprint: self.fingerprinter.finish(),
        }
    }

    fn add_mono(&mut self) {
        self.fingerprinter.add_mono(&self.mono);
        self.tempo.add(&self.mono);
        self.key.add(&self.mono);
        self.mono.clear();
    }
}
