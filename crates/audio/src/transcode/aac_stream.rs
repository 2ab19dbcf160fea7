use super::stream::{Source, Tap};
use crate::aac_encoder::{AAC_FRAMES, AacEncoder, AacFormat, has_rate};
use crate::cmaf::{CmafFormat, CmafWriter};
use crate::labels::FrontCover;
use crate::m4a::M4aFile;
use crate::opus::bitrate_bps;
use crate::output::{Output, Rendition, Sink};
use crate::rung::Rung;
use std::io;

/// AAC as a file, and the heads of CMAF segments whose bodies are that file's packets.
pub(super) struct AacStream {
    rung: Rung,
    format: AacFormat,
    encoder: AacEncoder,
    /// Fewer samples than a packet.
    pending: Vec<f32>,
    packets: u64,
    file: M4aFile<Box<dyn Sink>>,
    cmaf: Option<CmafWriter<Box<dyn Sink>>>,
}

const PACKET: u64 = AAC_FRAMES as u64;

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
        Ok((tap, Self { rung, format, encoder, pending: Vec::new(), packets: 0, file, cmaf }))
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let full = AAC_FRAMES * self.format.channels;
        let mut pending = std::mem::take(&mut self.pending);
        pending.extend_from_slice(samples);
        let mut packets = pending.chunks_exact(full);
        packets.try_for_each(|frames| self.encode(frames))?;
        pending.drain(..pending.len() / full * full);
        self.pending = pending;
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<Rendition> {
        let channels = self.format.channels;
        let total = self.packets * PACKET + (self.pending.len() / channels) as u64;
        // Silence pushes the last of the music out of the encoder.
        let end = total + u64::from(self.encoder.priming());
        let packets = end.div_ceil(PACKET) - self.packets;
        let mut last = std::mem::take(&mut self.pending);
        last.resize(packets as usize * AAC_FRAMES * channels, 0.0);
        last.chunks_exact(AAC_FRAMES * channels).try_for_each(|frames| self.encode(frames))?;
        Ok(Rendition {
            rung: self.rung,
            size: self.file.finish(end)?,
            sample_rate_hz: self.format.rate_hz,
            channels: channels as u16,
            bits_per_sample: None,
            frames: total,
            cmaf: self.cmaf.map(|cmaf| cmaf.finish(end)).transpose()?,
        })
    }

    fn encode(&mut self, frames: &[f32]) -> io::Result<()> {
        let packet = self.encoder.encode(frames)?;
        self.packets += 1;
        let lies = self.file.push(packet)?;
        self.cmaf.as_mut().map_or(Ok(()), |cmaf| cmaf.push_elsewhere(lies, AAC_FRAMES as u32))
    }
}
