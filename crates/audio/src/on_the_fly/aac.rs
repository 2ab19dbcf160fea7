use super::start::{Position, Start};
use crate::aac_encoder::{AAC_FRAMES, AacEncoder, AacFormat, has_rate};
use crate::cmaf::{CmafFormat, CmafWriter};
use crate::opus::bitrate_bps;
use crate::transcode::{Source, Tap};
use std::io::{self, Write};

/// AAC whose first packets are for the encoder and the decoder to settle, as CMAF: a whole file wants its tables first.
pub(super) struct AacLive<W> {
    encoder: AacEncoder,
    channels: usize,
    pending: Vec<f32>,
    position: Position,
    /// Packets that the encoder makes for itself alone.
    unsent: u64,
    packets: u64,
    /// Frames that went in before the first one that is heard.
    before: u64,
    /// Frames that a decoder drops.
    pre_skip: u16,
    cmaf: CmafWriter<W>,
}

/// A packet overlaps with the one before.
const DECODER_PACKETS: u64 = 1;
/// What the encoder's look-ahead and its store of bits need.
const ENCODER_PACKETS: u64 = 4;
const PACKET: u64 = AAC_FRAMES as u64;

impl<W: Write> AacLive<W> {
    pub(super) fn new(kbps: u16, source: &Source<'_>, start: &Start, out: W) -> io::Result<(Tap, u32, Self)> {
        let (tap, rate_hz) = source.tap(has_rate);
        let channels = source.channels;
        let format = AacFormat { channels, rate_hz, bitrate_bps: bitrate_bps(channels, u32::from(kbps) * 1000) };
        let encoder = AacEncoder::new(format)?;
        let (begin, heard) = start.at(rate_hz);
        let first_sent = (heard / PACKET).saturating_sub(DECODER_PACKETS);
        let first = first_sent.saturating_sub(ENCODER_PACKETS).max(begin.div_ceil(PACKET));
        // The encoder's delay, and two packets at the most.
        let pre_skip = encoder.priming() + (heard - first_sent * PACKET) as u16;
        let cmaf = CmafWriter::new(out, &CmafFormat::aac(format, pre_skip, encoder.config()))?;
        let live = Self {
            encoder,
            channels,
            pending: Vec::new(),
            position: Position { begin, encode: first * PACKET },
            unsent: first_sent - first,
            packets: 0,
            before: heard - first * PACKET,
            pre_skip,
            cmaf,
        };
        Ok((tap, rate_hz, live))
    }

    pub(super) fn position(&self) -> Position {
        self.position
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let full = AAC_FRAMES * self.channels;
        let mut pending = std::mem::take(&mut self.pending);
        pending.extend_from_slice(samples);
        let mut packets = pending.chunks_exact(full);
        packets.try_for_each(|frames| self.encode(frames))?;
        pending.drain(..pending.len() / full * full);
        self.pending = pending;
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<u64> {
        let channels = self.channels;
        let total = self.packets * PACKET + (self.pending.len() / channels) as u64;
        let packets = (total + u64::from(self.encoder.priming())).div_ceil(PACKET) - self.packets;
        let mut last = std::mem::take(&mut self.pending);
        last.resize(packets as usize * AAC_FRAMES * channels, 0.0);
        last.chunks_exact(AAC_FRAMES * channels).try_for_each(|frames| self.encode(frames))?;
        let heard = total.saturating_sub(self.before);
        self.cmaf.finish(u64::from(self.pre_skip) + heard)?;
        Ok(heard)
    }

    fn encode(&mut self, frames: &[f32]) -> io::Result<()> {
        let packet = self.encoder.encode(frames)?;
        self.packets += 1;
        if self.packets <= self.unsent { Ok(()) } else { self.cmaf.push(packet, AAC_FRAMES as u32) }
    }
}
