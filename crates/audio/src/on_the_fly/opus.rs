use super::start::{Position, Start};
use super::{Form, Wish};
use crate::cmaf::{CmafFormat, CmafWriter};
use crate::ogg::OggWriter;
use crate::opus::{OpusEncoder, PACKET_FRAMES, bitrate_bps};
use crate::packets::Packets;
use crate::resample::RATE_HZ;
use crate::transcode::Source;
use std::io::{self, Write};

/// Opus whose first packets are for the encoder and the decoder to settle.
pub(super) struct OpusLive<W> {
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
    encoder: OpusEncoder,
    /// Packets that the encoder makes for itself alone, and has not made yet.
    unsent: u64,
    /// Whether the first packet that is sent was begun.
    has_begun: bool,
    sink: Sink<W>,
}

enum Sink<W> {
    Ogg(OggWriter<W>),
    Cmaf(CmafWriter<W>),
}

/// 80 ms, which a decoder needs to converge (RFC 7845 §4.6).
const DECODER_PACKETS: u64 = 4;
/// With those, 12: what the encoder knows of the music then is all that shows in a packet.
const ENCODER_PACKETS: u64 = 8;
const PACKET: u64 = PACKET_FRAMES as u64;

impl<W: Write> OpusLive<W> {
    pub(super) fn new(wish: &Wish, stereo_bps: u32, source: &Source<'_>, start: &Start, out: W) -> io::Result<Self> {
        let channels = source.channels;
        let encoder = OpusEncoder::new(channels, stereo_bps, wish.opus_complexity)?;
        let (begin, heard) = start.at(RATE_HZ);
        let first_sent = (heard / PACKET).saturating_sub(DECODER_PACKETS);
        let first = first_sent.saturating_sub(ENCODER_PACKETS).max(begin.div_ceil(PACKET));
        // At most the decoder's packets, one that the start lies in, and the encoder's delay.
        let pre_skip = encoder.pre_skip() + (heard - first_sent * PACKET) as u16;
        let sink = match wish.form {
            Form::Whole => {
                Sink::Ogg(OggWriter::new(out, channels, pre_skip, source.probe.sample_rate_hz, source.labels)?)
            }
            Form::Segments => {
                let format = CmafFormat::opus(channels, pre_skip, bitrate_bps(channels, stereo_bps));
                Sink::Cmaf(CmafWriter::new(out, &format)?)
            }
        };
        Ok(Self {
            packets: Packets::new(PACKET_FRAMES, channels),
            position: Position { begin, encode: first * PACKET },
            before: heard - first * PACKET,
            pre_skip,
            sender: Sender { encoder, unsent: first_sent - first, has_begun: false, sink },
        })
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
        let delay = u64::from(sender.encoder.pre_skip());
        let total = packets.finish(delay, |frames| sender.encode(frames))?;
        let heard = total.saturating_sub(self.before);
        let end = u64::from(self.pre_skip) + heard;
        match sender.sink {
            Sink::Ogg(ogg) => drop(ogg.finish(end)?),
            Sink::Cmaf(cmaf) => drop(cmaf.finish(end)?),
        }
        Ok(heard)
    }
}

impl<W: Write> Sender<W> {
    fn encode(&mut self, frames: &[f32]) -> io::Result<()> {
        if !self.has_begun && self.unsent == 0 {
            self.has_begun = true;
            self.encoder.begin()?;
        }
        let packet = self.encoder.encode(frames)?;
        if self.unsent > 0 {
            self.unsent -= 1;
            return Ok(());
        }
        match &mut self.sink {
            Sink::Ogg(ogg) => ogg.push(packet),
            Sink::Cmaf(cmaf) => cmaf.push(packet, PACKET_FRAMES as u32),
        }
    }
}
