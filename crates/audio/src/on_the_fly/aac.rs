use super::start::{Position, Start};
use crate::aac_encoder::{AAC_FRAMES, AacEncoder, AacFormat, has_rate};
use crate::cmaf::{CmafFormat, CmafWriter};
use crate::opus::bitrate_bps;
use crate::packets::Packets;
use crate::transcode::{Source, Tap};
use std::io::{self, Write};

/// AAC whose first packets are for the encoder and the decoder to settle, as CMAF: a whole file wants its tables first.
pub(super) struct AacLive<W> {
    packets: Packets,
    position: Position,
    /// Frames that went in before the first one that is heard.
    before: u64,
    /// Frames that a decoder drops.
    pre_skip: u16,
    sender: Sender<W>,
}

/// The encoder, and what takes its packets.
struct Sender<W> {
    encoder: AacEncoder,
    /// Packets that the encoder makes for itself alone, and has not made yet.
    unsent: u64,
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
            packets: Packets::new(AAC_FRAMES, channels),
            position: Position { begin, encode: first * PACKET },
            before: heard - first * PACKET,
            pre_skip,
            sender: Sender { encoder, unsent: first_sent - first, cmaf },
        };
        Ok((tap, rate_hz, live))
    }

    pub(super) fn position(&self) -> Position {
        self.position
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let Self { packets, sender, .. } = self;
        packets.push(samples, |frames| sender.encode(frames))
    }

    pub(super) fn finish(self) -> io::Result<u64> {
        let Self { mut packets, mut sender, .. } = self;
        let priming = u64::from(sender.encoder.priming());
        let total = packets.finish(priming, |frames| sender.encode(frames))?;
        let heard = total.saturating_sub(self.before);
        sender.cmaf.finish(u64::from(self.pre_skip) + heard)?;
        Ok(heard)
    }
}

impl<W: Write> Sender<W> {
    fn encode(&mut self, frames: &[f32]) -> io::Result<()> {
        let packet = self.encoder.encode(frames)?;
        if self.unsent > 0 {
            self.unsent -= 1;
            return Ok(());
        }
        self.cmaf.push(packet, AAC_FRAMES as u32)
    }
}
