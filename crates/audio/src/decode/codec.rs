use crate::opus_decoder::{self, OpusDecoder};
use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::errors::{Error, Result};
use symphonia::core::packet::Packet;

/// Packets into interleaved samples.
pub(super) enum PacketDecoder {
    Symphonia(Box<dyn AudioDecoder>),
    Opus(Box<OpusDecoder>, usize),
}

/// Sample rate in Hz and number of channels.
pub(super) type Spec = (u32, usize);

impl PacketDecoder {
    /// Decode into `block`. `None` if the packet holds no frames.
    pub(super) fn decode(&mut self, packet: &Packet, block: &mut Vec<f32>) -> Result<Option<Spec>> {
        let spec = match self {
            Self::Symphonia(decoder) => {
                let buffer = decoder.decode(packet)?;
                buffer.copy_to_vec_interleaved(block);
                (buffer.spec().rate(), buffer.spec().channels().count())
            }
            Self::Opus(decoder, channels) => {
                let (start, end) = (packet.trim_start.get() as usize, packet.trim_end.get() as usize);
                decoder
                    .decode(&packet.data, start, end, block)
                    .map_err(|_| Error::DecodeError("opus: invalid packet"))?;
                (opus_decoder::RATE_HZ, *channels)
            }
        };
        Ok((!block.is_empty()).then_some(spec))
    }

    /// Forgets what was decoded: what comes next is not what follows.
    pub(super) fn reset(&mut self) {
        match self {
            Self::Symphonia(decoder) => decoder.reset(),
            Self::Opus(decoder, _) => decoder.reset(),
        }
    }

    /// The file carries a checksum of its samples, and it is another.
    pub(super) fn differs_from_checksum(&mut self) -> bool {
        match self {
            Self::Symphonia(decoder) => decoder.finalize().verify_ok == Some(false),
            Self::Opus(..) => false,
        }
    }
}
