use super::stream::Source;
use crate::cmaf::{CmafFormat, CmafWriter};
use crate::ogg::OggWriter;
use crate::opus::{OPUS_COMPLEXITY, OpusEncoder, PACKET_FRAMES, bitrate_bps};
use crate::output::{Output, Rendition, Sink};
use crate::resample::RATE_HZ;
use crate::rung::Rung;
use std::io;

/// One bit rate of Opus, packed as Ogg and as CMAF.
pub(super) struct OpusStream {
    rung: Rung,
    encoder: OpusEncoder,
    /// Fewer samples than a packet.
    pending: Vec<f32>,
    packets: u64,
    ogg: OggWriter<Box<dyn Sink>>,
    cmaf: Option<CmafWriter<Box<dyn Sink>>>,
}

impl OpusStream {
    pub(super) fn new(output: Output, source: &Source<'_>) -> io::Result<Self> {
        let Output { rung, whole, segments } = output;
        let Rung::Opus { kbps } = rung else { return Err(io::ErrorKind::InvalidInput.into()) };
        let (channels, stereo_bps) = (source.channels, u32::from(kbps) * 1000);
        let encoder = OpusEncoder::new(channels, stereo_bps, OPUS_COMPLEXITY)?;
        let format = CmafFormat::opus(channels, encoder.pre_skip(), bitrate_bps(channels, stereo_bps));
        let rate_hz = source.probe.sample_rate_hz;
        Ok(Self {
            rung,
            pending: Vec::new(),
            packets: 0,
            ogg: OggWriter::new(whole, channels, encoder.pre_skip(), rate_hz, source.labels)?,
            cmaf: segments.map(|out| CmafWriter::new(out, &format)).transpose()?,
            encoder,
        })
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let full = PACKET_FRAMES * self.encoder.channels();
        let mut pending = std::mem::take(&mut self.pending);
        pending.extend_from_slice(samples);
        let mut packets = pending.chunks_exact(full);
        packets.try_for_each(|frames| self.encode(frames))?;
        pending.drain(..pending.len() / full * full);
        self.pending = pending;
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<Rendition> {
        let channels = self.encoder.channels();
        let left = (self.pending.len() / channels) as u64;
        let total = self.packets * PACKET_FRAMES as u64 + left;
        // The encoder is `pre_skip` frames behind: silence pushes the last of the music out.
        let end = total + u64::from(self.encoder.pre_skip());
        let packets = end.div_ceil(PACKET_FRAMES as u64) - self.packets;
        let mut last = std::mem::take(&mut self.pending);
        last.resize(packets as usize * PACKET_FRAMES * channels, 0.0);
        last.chunks_exact(PACKET_FRAMES * channels).try_for_each(|frames| self.encode(frames))?;
        Ok(Rendition {
            rung: self.rung,
            size: self.ogg.finish(end)?,
            sample_rate_hz: RATE_HZ,
            channels: channels as u16,
            bits_per_sample: None,
            frames: total,
            cmaf: self.cmaf.map(|cmaf| cmaf.finish(end)).transpose()?,
        })
    }

    fn encode(&mut self, frames: &[f32]) -> io::Result<()> {
        let packet = self.encoder.encode(frames)?;
        self.packets += 1;
        self.ogg.push(packet)?;
        self.cmaf.as_mut().map_or(Ok(()), |cmaf| cmaf.push(packet, PACKET_FRAMES as u32))
    }
}
