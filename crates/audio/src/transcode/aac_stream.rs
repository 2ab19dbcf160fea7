use super::stream::{Source, Tap};
use crate::aac_encoder::{AAC_FRAMES, AacEncoder, AacFormat, has_rate};
use crate::cmaf::{CmafFormat, CmafWriter};
use crate::labels::FrontCover;
use crate::m4a::M4aFile;
use crate::opus::bitrate_bps;
use crate::output::{Output, Rendition, Sink};
use crate::packets::Packets;
use crate::rung::Rung;
use std::io;

/// AAC as a file, and the heads of CMAF segments whose bodies are that file's packets.
pub(super) struct AacStream {
    rung: Rung,
    format: AacFormat,
    packets: Packets,
    writer: Writer,
}

/// The encoder, and what takes its packets.
struct Writer {
    encoder: AacEncoder,
    file: M4aFile<Box<dyn Sink>>,
    cmaf: Option<CmafWriter<Box<dyn Sink>>>,
}

impl AacStream {
    pub(super) fn new(output: Output, source: &Source<'_>) -> io::Result<(Tap, Self)> {
        let Output { rung, whole, segments } = output;
        let Rung::Aac { kbps } = rung else { return Err(io::ErrorKind::InvalidInput.into()) };
        let (tap, rate_hz) = source.tap(has_rate);
        let channels = source.channels;
        let format = AacFormat { channels, rate_hz, bitrate_bps: bitrate_bps(channels, u32::from(kbps) * 1000) };
        let encoder = AacEncoder::new(format)?;
        let stored = || CmafFormat::aac(format, encoder.priming(), encoder.config());
        let cover = source.labels.covers.large.as_ref().map(FrontCover::as_cover);
        let probe = source.probe;
        let claimed = probe.claimed_frames;
        let frames =
            claimed.map(|frames| frames.saturating_mul(rate_hz.into()) / u64::from(probe.sample_rate_hz.max(1)));
        let file = M4aFile::new(whole, stored(), source.labels, cover, frames)?;
        let cmaf = segments.map(|out| CmafWriter::new(out, &stored())).transpose()?;
        let packets = Packets::new(AAC_FRAMES, channels);
        Ok((tap, Self { rung, format, packets, writer: Writer { encoder, file, cmaf } }))
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let Self { packets, writer, .. } = self;
        packets.push(samples, |frames| writer.encode(frames))
    }

    pub(super) fn finish(self) -> io::Result<Rendition> {
        let Self { rung, format, mut packets, mut writer } = self;
        let priming = u64::from(writer.encoder.priming());
        let total = packets.finish(priming, |frames| writer.encode(frames))?;
        let end = total + priming;
        Ok(Rendition {
            rung,
            size: writer.file.finish(end)?,
            sample_rate_hz: format.rate_hz,
            channels: format.channels as u16,
            bits_per_sample: None,
            frames: total,
            cmaf: writer.cmaf.map(|cmaf| cmaf.finish(end)).transpose()?,
        })
    }
}

impl Writer {
    fn encode(&mut self, frames: &[f32]) -> io::Result<()> {
        let packet = self.encoder.encode(frames)?;
        let lies = self.file.push(packet)?;
        self.cmaf.as_mut().map_or(Ok(()), |cmaf| cmaf.push_elsewhere(lies, AAC_FRAMES as u32))
    }
}
