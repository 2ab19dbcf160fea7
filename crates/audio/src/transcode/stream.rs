use super::aac_stream::AacStream;
use super::flac_stream::FlacStream;
use super::mp3_stream::Mp3Stream;
use super::opus_stream::OpusStream;
use crate::labels::Labels;
use crate::layout::Layout;
use crate::output::{Output, Rendition};
use crate::probe::Probe;
use crate::resample::RATE_HZ;
use crate::rung::Rung;
use std::io;

/// Where on the signal path an encoder takes its samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tap {
    /// As they were decoded.
    Source,
    /// Mono or stereo within full scale, at the source's rate. Of a source that is so already, the very samples.
    Mixed,
    /// The same at 48 kHz.
    Resampled,
}

/// What the encoders have to know of the source.
pub(crate) struct Source<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) probe: &'a Probe,
    /// Of what is mixed down: 1 or 2.
    pub(crate) channels: usize,
    pub(crate) labels: &'a Labels,
}

impl Source<'_> {
    /// [`Tap::Mixed`] where `fits` takes the source's rate, and that rate; else [`Tap::Resampled`] and 48 kHz.
    pub(crate) fn tap(&self, fits: impl Fn(u32) -> bool) -> (Tap, u32) {
        match self.probe.sample_rate_hz {
            rate_hz if fits(rate_hz) => (Tap::Mixed, rate_hz),
            _ => (Tap::Resampled, RATE_HZ),
        }
    }
}

/// One encoder and what takes its packets.
pub(super) enum Stream {
    Opus(Box<OpusStream>),
    Flac(Box<FlacStream>),
    Mp3(Box<Mp3Stream>),
    Aac(Box<AacStream>),
}

impl Stream {
    pub(super) fn new(output: Output, source: &Source<'_>) -> io::Result<(Tap, Self)> {
        match output.rung {
            Rung::Opus { .. } => Ok((Tap::Resampled, Self::Opus(Box::new(OpusStream::new(output, source)?)))),
            Rung::Aac { .. } => {
                let (tap, stream) = AacStream::new(output, source)?;
                Ok((tap, Self::Aac(Box::new(stream))))
            }
            Rung::Flac16 | Rung::Flac => {
                let (tap, stream) = FlacStream::new(output, source)?;
                Ok((tap, Self::Flac(Box::new(stream))))
            }
            Rung::Mp3V0 | Rung::Mp3Cbr320 => {
                let (tap, stream) = Mp3Stream::new(output, source)?;
                Ok((tap, Self::Mp3(Box::new(stream))))
            }
        }
    }

    /// `samples` are whole frames, interleaved, from the stream's tap.
    pub(crate) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        match self {
            Self::Opus(stream) => stream.push(samples),
            Self::Flac(stream) => stream.push(samples),
            Self::Mp3(stream) => stream.push(samples),
            Self::Aac(stream) => stream.push(samples),
        }
    }

    pub(super) fn finish(self) -> io::Result<Rendition> {
        match self {
            Self::Opus(stream) => stream.finish(),
            Self::Flac(stream) => stream.finish(),
            Self::Mp3(stream) => stream.finish(),
            Self::Aac(stream) => stream.finish(),
        }
    }
}

impl crate::crew::Work for Stream {
    fn work(&mut self, samples: &[f32]) -> io::Result<()> {
        self.push(samples)
    }
}
