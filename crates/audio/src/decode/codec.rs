use super::flac::Flac;
use super::pcm::Pcm;
use crate::layout::Layout;
use crate::opus_decoder::{self, OpusDecoder};
use symphonia::core::audio::{Audio, GenericAudioBufferRef};
use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::errors::{Error, Result};
use symphonia::core::packet::Packet;

/// Packets into interleaved samples.
pub(super) enum PacketDecoder {
    Symphonia(Box<dyn AudioDecoder>),
    Pcm(Pcm),
    Flac(Box<Flac>, Layout),
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
                interleave(&buffer, block);
                (buffer.spec().rate(), buffer.spec().channels().count())
            }
            Self::Flac(flac, _) => flac.decode(&packet.data, block).ok_or(Error::DecodeError("flac: invalid frame"))?,
            Self::Pcm(pcm) => pcm.decode(&packet.data, block),
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

    /// Where the channels belong, if the codec knows.
    pub(super) fn layout(&self) -> Option<Layout> {
        match self {
            Self::Symphonia(decoder) => Some(Layout::from(decoder.last_decoded().spec().channels())),
            Self::Flac(_, layout) => Some(layout.clone()),
            Self::Pcm(_) | Self::Opus(..) => None,
        }
    }

    /// Forgets what was decoded: what comes next is not what follows.
    pub(super) fn reset(&mut self) {
        match self {
            Self::Symphonia(decoder) => decoder.reset(),
            Self::Pcm(_) | Self::Flac(..) => {}
            Self::Opus(decoder, _) => decoder.reset(),
        }
    }

    /// The file carries a checksum of its samples, and it is another.
    pub(super) fn differs_from_checksum(&mut self) -> bool {
        match self {
            Self::Symphonia(decoder) => decoder.finalize().verify_ok == Some(false),
            Self::Flac(flac, _) => flac.differs_from_checksum(),
            Self::Pcm(_) | Self::Opus(..) => false,
        }
    }
}

/// Two channels of floats, which most lossy decoders give, in a loop that the compiler makes vectors of.
fn interleave(buffer: &GenericAudioBufferRef<'_>, block: &mut Vec<f32>) {
    let GenericAudioBufferRef::F32(planes) = buffer else { return buffer.copy_to_vec_interleaved(block) };
    let (2, Some((left, right))) = (planes.num_planes(), planes.plane_pair(0, 1)) else {
        return buffer.copy_to_vec_interleaved(block);
    };
    block.resize(2 * left.len(), 0.0);
    for ((frame, left), right) in block.as_chunks_mut().0.iter_mut().zip(left).zip(right) {
        *frame = [*left, *right];
    }
}
