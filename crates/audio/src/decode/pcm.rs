//! Uncompressed samples. symphonia reads them one by one, into planes; here a loop turns a packet into a block.

use super::codec::Spec;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_PCM_F32BE, CODEC_ID_PCM_F32LE, CODEC_ID_PCM_S16BE, CODEC_ID_PCM_S16LE, CODEC_ID_PCM_S24BE,
    CODEC_ID_PCM_S24LE, CODEC_ID_PCM_S32BE, CODEC_ID_PCM_S32LE,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters};

pub(super) struct Pcm {
    spec: Spec,
    bytes_per_frame: usize,
    read: fn(&[u8], &mut Vec<f32>),
}

impl Pcm {
    /// `None` for what is left to symphonia: rare kinds, and samples that are to be shifted.
    pub(super) fn new(params: &AudioCodecParameters) -> Option<Self> {
        let (bytes, read) = reader_of(params.codec)?;
        let is_shifted = params.bits_per_coded_sample.is_some_and(|coded| params.bits_per_sample != Some(coded));
        let channels = params.channels.as_ref()?.count();
        let spec = (params.sample_rate?, channels);
        (!is_shifted && channels > 0).then_some(Self { spec, bytes_per_frame: bytes * channels, read })
    }

    /// Decode a packet's whole frames into `block`.
    pub(super) fn decode(&self, packet: &[u8], block: &mut Vec<f32>) -> Spec {
        let whole = packet.len() / self.bytes_per_frame * self.bytes_per_frame;
        block.clear();
        (self.read)(&packet[..whole], block);
        self.spec
    }
}

type Reader = fn(&[u8], &mut Vec<f32>);

/// Bytes of a sample, and what reads them. Integers become the same floats as symphonia's.
fn reader_of(codec: AudioCodecId) -> Option<(usize, Reader)> {
    Some(match codec {
        CODEC_ID_PCM_S16LE => (2, |bytes, block| read(bytes, block, |sample| of_16_bits(i16::from_le_bytes(sample)))),
        CODEC_ID_PCM_S16BE => (2, |bytes, block| read(bytes, block, |sample| of_16_bits(i16::from_be_bytes(sample)))),
        CODEC_ID_PCM_S24LE => (3, |bytes, block| read(bytes, block, |[a, b, c]| of_32_bits([0, a, b, c]))),
        CODEC_ID_PCM_S24BE => (3, |bytes, block| read(bytes, block, |[a, b, c]| of_32_bits([0, c, b, a]))),
        CODEC_ID_PCM_S32LE => (4, |bytes, block| read(bytes, block, of_32_bits)),
        CODEC_ID_PCM_S32BE => (4, |bytes, block| read(bytes, block, |[a, b, c, d]| of_32_bits([d, c, b, a]))),
        CODEC_ID_PCM_F32LE => (4, |bytes, block| read(bytes, block, f32::from_le_bytes)),
        CODEC_ID_PCM_F32BE => (4, |bytes, block| read(bytes, block, f32::from_be_bytes)),
        _ => return None,
    })
}

#[inline(always)]
fn read<const BYTES: usize>(bytes: &[u8], block: &mut Vec<f32>, sample: impl Fn([u8; BYTES]) -> f32) {
    block.extend(bytes.as_chunks().0.iter().map(|bytes| sample(*bytes)));
}

fn of_16_bits(sample: i16) -> f32 {
    f32::from(sample) / 32_768.0
}

fn of_32_bits(little_endian: [u8; 4]) -> f32 {
    i32::from_le_bytes(little_endian) as f32 / 2_147_483_648.0
}
