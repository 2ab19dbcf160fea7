use super::start::{Position, Start};
use super::{Form, Wish};
use crate::cmaf::{CmafFormat, CmafWriter};
use crate::ogg::OggWriter;
use crate::opus::{OpusEncoder, PACKET_FRAMES, bitrate_bps};
use crate::resample::RATE_HZ;
use crate::transcode::Source;
use std::io::{self, Write};

/// Opus whose first packets are for the encoder and the decoder to settle.
pub(super) struct OpusLive<W> {
    encoder: OpusEncoder,
    pending: Vec<f32>,
    position: Position,
    /// Packets that the encoder makes for itself alone.
    unsent: u64,
    packets: u64,
    /// Frames that went in before the first one that is heard.
    before: u64,
    /// Frames that a decoder drops.
    pre_skip: u16,
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
            encoder,
            pending: Vec::new(),
            position: Position { begin, encode: first * PACKET },
            unsent: first_sent - first,
            packets: 0,
            before: heard - first * PACKET,
            pre_skip,
            sink,
        })
    }

    pub(super) fn position(&self) -> Position {
        self.position
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let full = PACKET_FRAMES * self.encoder.channels();
        self.pending.extend_from_slice(samples);
        while self.pending.len() >= full {
            let rest = self.pending.split_off(full);
            let packet = std::mem::replace(&mut self.pending, rest);
            self.encode(&packet)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<u64> {
        let channels = self.encoder.channels();
        let total = self.packets * PACKET + (self.pending.len() / channels) as u64;
        // Silence pushes the last of the music out of the encoder.
        let delay = u64::from(self.encoder.pre_skip());
        let packets = (total + delay).div_ceil(PACKET) - self.packets;
        let mut last = std::mem::take(&mut self.pending);
        last.resize(packets as usize * PACKET_FRAMES * channels, 0.0);
        last.chunks_exact(PACKET_FRAMES * channels).try_for_each(|frames| self.encode(frames))?;
        let heard = total.saturating_sub(self.before);
        let end = u64::from(self.pre_skip) + heard;
        match self.sink {
            Sink::Ogg(ogg) => drop(ogg.finish(end)?),
            Sink::Cmaf(cmaf) => drop(cmaf.finish(end)?),
        }
        Ok(heard)
    }

    fn encode(&mut self, frames: &[f32]) -> io::Result<()> {
        if self.packets == self.unsent {
            self.encoder.begin()?;
        }
        let packet = self.encoder.encode(frames)?;
        self.packets += 1;
        match &mut self.sink {
            _ if self.packets <= self.unsent => Ok(()),
            Sink::Ogg(ogg) => ogg.push(packet),
            Sink::Cmaf(cmaf) => cmaf.push(packet, PACKET_FRAMES as u32),
        }
    }
}
