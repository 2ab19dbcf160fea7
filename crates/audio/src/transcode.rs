//! Source samples into every rung of the ladder.
//!
//! ```text
//! source ─┬───────────────────────────────────────────▶ FLAC, more than two channels
//!         └─▶ downmix ─▶ limiter ─┬───────────────────▶ FLAC, MP3, AAC
//!                                 └─▶ resample, 48 kHz ─▶ Opus; MP3, AAC and FLAC of 16 bits where the rate is too high
//! ```

mod aac_stream;
mod flac_stream;
mod mp3_stream;
mod opus_stream;
mod stream;

use crate::crew::{Crew, SpareThread};
use crate::downmix::Downmix;
use crate::labels::Labels;
use crate::layout::Layout;
use crate::limiter::Limiter;
use crate::output::{Output, Rendition};
use crate::probe::Probe;
use crate::resample::Resample;
use std::io;
use stream::Stream;

pub(crate) use flac_stream::shape as flac_shape;
pub(crate) use stream::{Source, Tap};

/// The signal path, and the encoders behind it.
pub(crate) struct Transcoder {
    downmix: Downmix,
    limiter: Limiter,
    limited: Vec<f32>,
    resample: Resample,
    resampled: Vec<f32>,
    rate_hz: u32,
    taps: Vec<Tap>,
    crew: Crew<Stream>,
}

impl Transcoder {
    pub(crate) fn new(
        layout: &Layout,
        probe: &Probe,
        outputs: Vec<Output>,
        labels: &Labels,
        spare_threads: &[SpareThread],
    ) -> io::Result<Self> {
        let downmix = Downmix::new(layout);
        let channels = downmix.channels();
        let source = Source { layout, probe, channels, labels };
        let (mut taps, mut streams) = (Vec::new(), Vec::new());
        for output in outputs {
            let (tap, stream) = Stream::new(output, &source)?;
            taps.push(tap);
            streams.push(stream);
        }
        Ok(Self {
            limiter: Limiter::new(channels),
            limited: Vec::new(),
            resample: Resample::new(probe.sample_rate_hz, channels).map_err(io::Error::other)?,
            resampled: Vec::new(),
            rate_hz: probe.sample_rate_hz,
            taps,
            crew: Crew::new(streams, spare_threads),
            downmix,
        })
    }

    /// `block` is interleaved, in the source's channels and rate.
    pub(crate) fn push(&mut self, block: &[f32]) -> io::Result<()> {
        self.feed(Tap::Source, block)?;
        let mut limited = std::mem::take(&mut self.limited);
        limited.clear();
        self.limiter.push(self.downmix.mix(block), &mut limited);
        self.pass_on(&limited)?;
        self.limited = limited;
        Ok(())
    }

    /// `frames` is the number that was pushed, at the source's rate.
    pub(crate) fn finish(mut self, frames: u64) -> io::Result<Vec<Rendition>> {
        let mut limited = Vec::new();
        self.limiter.finish(&mut limited);
        self.pass_on(&limited)?;
        let mut rest = Vec::new();
        let total = crate::resample::output_frames(frames, self.rate_hz);
        self.resample.finish(total, &mut rest).map_err(io::Error::other)?;
        self.feed(Tap::Resampled, &rest)?;
        self.crew.finish()?.into_iter().map(Stream::finish).collect()
    }

    fn pass_on(&mut self, limited: &[f32]) -> io::Result<()> {
        self.feed(Tap::Mixed, limited)?;
        if self.taps.contains(&Tap::Resampled) {
            let mut resampled = std::mem::take(&mut self.resampled);
            resampled.clear();
            self.resample.push(limited, &mut resampled).map_err(io::Error::other)?;
            self.feed(Tap::Resampled, &resampled)?;
            self.resampled = resampled;
        }
        Ok(())
    }

    fn feed(&mut self, tap: Tap, samples: &[f32]) -> io::Result<()> {
        let fed = self.taps.iter().enumerate().filter(|(_, taken)| **taken == tap).map(|(index, _)| index);
        self.crew.push(fed, samples)
    }
}
