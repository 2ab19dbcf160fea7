use crate::layout::Layout;
use opusic_c::multistream::{Config, Decoder};
use opusic_c::{ErrorCode, SampleRate};

/// What decoding always gives, whatever the encoder was fed with (RFC 7845 §5.1).
pub(crate) const RATE_HZ: u32 = 48_000;
/// The longest packet that RFC 6716 allows, 120 ms.
const MAX_FRAMES: usize = 5_760;

/// The identification header, RFC 7845 §5.1. Ogg, WebM and MP4 all hand it over in this form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpusHead {
    pub(crate) channels: usize,
    /// Frames at 48 kHz to drop from the start.
    pub(crate) pre_skip: u16,
    /// Q7.8 dB.
    gain: i16,
    streams: u8,
    coupled: u8,
    mapping: Vec<u8>,
}

impl OpusHead {
    /// `None` when the header is cut off, or asks for a mapping other than mono, stereo (family 0)
    /// or the Vorbis layouts (family 1).
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let body = bytes.strip_prefix(b"OpusHead")?;
        let [_version, channels, skip_low, skip_high, _, _, _, _, gain_low, gain_high, family, table @ ..] = body
        else {
            return None;
        };
        let count = usize::from(*channels);
        let (streams, coupled, mapping) = match (family, table) {
            (0, _) if (1..=2).contains(&count) => (1, channels - 1, (0..*channels).collect()),
            (1, [streams, coupled, mapping @ ..]) if (1..=8).contains(&count) => {
                (*streams, *coupled, mapping.get(..count)?.to_vec())
            }
            _ => return None,
        };
        Some(Self {
            channels: count,
            pre_skip: u16::from_le_bytes([*skip_low, *skip_high]),
            gain: i16::from_le_bytes([*gain_low, *gain_high]),
            streams,
            coupled,
            mapping,
        })
    }

    pub(crate) fn layout(&self) -> Layout {
        Layout::vorbis(self.channels)
    }
}

/// Opus packets into interleaved samples at 48 kHz, up to eight channels.
pub(crate) struct OpusDecoder {
    inner: Decoder,
    channels: usize,
    gain: f32,
    samples: Vec<f32>,
}

impl OpusDecoder {
    /// `None` when libopus refuses the header's channel mapping.
    pub(crate) fn new(head: &OpusHead) -> Option<Self> {
        let inner = match head.channels {
            1 => make::<1>(head),
            2 => make::<2>(head),
            3 => make::<3>(head),
            4 => make::<4>(head),
            5 => make::<5>(head),
            6 => make::<6>(head),
            7 => make::<7>(head),
            8 => make::<8>(head),
            _ => None,
        }?;
        let gain = 10f32.powf(f32::from(head.gain) / (20.0 * 256.0));
        Some(Self { inner, channels: head.channels, gain, samples: vec![0.0; MAX_FRAMES * head.channels] })
    }

    /// Forgets what was decoded. Resetting a decoder that works does not fail; if it did, what follows would tell.
    pub(crate) fn reset(&mut self) {
        let _ = self.inner.reset();
    }

    /// Decode one packet into `block`, without the first `trim_start` and last `trim_end` frames.
    pub(crate) fn decode(
        &mut self,
        packet: &[u8],
        trim_start: usize,
        trim_end: usize,
        block: &mut Vec<f32>,
    ) -> Result<(), ErrorCode> {
        block.clear();
        if packet.is_empty() {
            return Err(ErrorCode::InvalidPacket); // libopus would take it for a lost packet and invent sound
        }
        let frames = self.inner.decode_float_to_slice(packet, &mut self.samples, false)?;
        let start = trim_start.min(frames) * self.channels;
        let end = frames.saturating_sub(trim_end) * self.channels;
        if start < end {
            block.extend(self.samples[start..end].iter().map(|sample| sample * self.gain));
        }
        Ok(())
    }
}

fn make<const CHANNELS: usize>(head: &OpusHead) -> Option<Decoder> {
    let mapping = head.mapping.as_slice().try_into().ok()?;
    let config = Config::<CHANNELS>::try_new(head.streams, head.coupled, mapping)?;
    Decoder::new(config, SampleRate::Hz48000).ok()
}
