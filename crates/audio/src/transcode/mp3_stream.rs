use super::stream::{Source, Tap};
use crate::labels::FrontCover;
use crate::mp3::{Mp3Encoder, Mp3Format, Mp3Quality};
use crate::output::{Output, Rendition, Sink};
use crate::rung::Rung;
use std::io;

/// MP3 as a file.
pub(super) struct Mp3Stream {
    rung: Rung,
    format: Mp3Format,
    encoder: Mp3Encoder<Box<dyn Sink>>,
}

impl Mp3Stream {
    pub(super) fn new(output: Output, source: &Source<'_>) -> io::Result<(Tap, Self)> {
        let (tap, rate_hz) = source.tap(|rate_hz| matches!(rate_hz, 32_000 | 44_100 | 48_000));
        let quality = if output.rung == Rung::Mp3V0 { Mp3Quality::V0 } else { Mp3Quality::Cbr320 };
        let format = Mp3Format { channels: source.channels as u16, rate_hz, quality };
        let cover = source.labels.covers.large.as_ref().map(FrontCover::as_cover);
        let encoder = Mp3Encoder::new(output.whole, format, source.labels, cover)?;
        Ok((tap, Self { rung: output.rung, format, encoder }))
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        self.encoder.push(samples)
    }

    pub(super) fn finish(self) -> io::Result<Rendition> {
        let made = self.encoder.finish()?;
        Ok(Rendition {
            rung: self.rung,
            size: made.size,
            sample_rate_hz: self.format.rate_hz,
            channels: self.format.channels,
            bits_per_sample: None,
            frames: made.frames,
            cmaf: None,
        })
    }
}
