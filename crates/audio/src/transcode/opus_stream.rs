use super::stream::Source;
use crate::cmaf::{CmafFormat, CmafWriter};
use crate::ogg::OggWriter;
use crate::opus::{OPUS_COMPLEXITY, OpusEncoder, PACKET_FRAMES, bitrate_bps};
use crate::output::{Output, Rendition, Sink};
use crate::packets::Packets;
use crate::resample::RATE_HZ;
use crate::rung::Rung;
use std::io;

/// One bit rate of Opus, packed as Ogg and as CMAF.
pub(super) struct OpusStream {
    rung: Rung,
    packets: Packets,
    writer: Writer,
}

/// The encoder, and what takes its packets.
struct Writer {
    encoder: OpusEncoder,
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
        let writer = Writer {
            ogg: OggWriter::new(whole, channels, encoder.pre_skip(), rate_hz, source.labels)?,
            cmaf: segments.map(|out| CmafWriter::new(out, &format)).transpose()?,
            encoder,
        };
        Ok(Self { rung, packets: Packets::new(PACKET_FRAMES, channels), writer })
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let Self { packets, writer, .. } = self;
        packets.push(samples, |frames| writer.encode(frames))
    }

    pub(super) fn finish(self) -> io::Result<Rendition> {
        let Self { rung, mut packets, mut writer } = self;
        let pre_skip = u64::from(writer.encoder.pre_skip());
        let total = packets.finish(pre_skip, |frames| writer.encode(frames))?;
        let (end, channels) = (total + pre_skip, writer.encoder.channels());
        Ok(Rendition {
            rung,
            size: writer.ogg.finish(end)?,
            sample_rate_hz: RATE_HZ,
            channels: channels as u16,
            bits_per_sample: None,
            frames: total,
            cmaf: writer.cmaf.map(|cmaf| cmaf.finish(end)).transpose()?,
        })
    }
}

impl Writer {
    fn encode(&mut self, frames: &[f32]) -> io::Result<()> {
        let packet = self.encoder.encode(frames)?;
        self.ogg.push(packet)?;
        self.cmaf.as_mut().map_or(Ok(()), |cmaf| cmaf.push(packet, PACKET_FRAMES as u32))
    }
}
