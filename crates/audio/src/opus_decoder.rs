use crate::layout::Layout;
use opusic_c::multistream::{self, Config};
use opusic_c::{Channels, Decoder, ErrorCode, SampleRate};

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
    inner: Streams,
    channels: usize,
    gain: f32,
    samples: Vec<f32>,
}

/// What libopus keeps. One stream by itself spares the copies that putting several together takes.
enum Streams {
    One(Decoder),
    Several(multistream::Decoder),
}

impl OpusDecoder {
    /// `None` when libopus refuses the header's channel mapping.
    pub(crate) fn new(head: &OpusHead) -> Option<Self> {
        let one = |channels| Decoder::new(channels, SampleRate::Hz48000).ok().map(Streams::One);
        let inner = match (head.channels, head.streams, &head.mapping[..]) {
            (1, 1, [0]) => one(Channels::Mono),
            (2, 1, [0, 1]) if head.coupled == 1 => one(Channels::Stereo),
            (1, ..) => several::<1>(head),
            (2, ..) => several::<2>(head),
            (3, ..) => several::<3>(head),
            (4, ..) => several::<4>(head),
            (5, ..) => several::<5>(head),
            (6, ..) => several::<6>(head),
            (7, ..) => several::<7>(head),
            (8, ..) => several::<8>(head),
            _ => None,
        }?;
        let gain = 10f32.powf(f32::from(head.gain) / (20.0 * 256.0));
        Some(Self { inner, channels: head.channels, gain, samples: vec![0.0; MAX_FRAMES * head.channels] })
    }

    /// Forgets what was decoded. Resetting a decoder that works does not fail; if it did, what follows would tell.
    pub(crate) fn reset(&mut self) {
        let _ = match &mut self.inner {
            Streams::One(decoder) => decoder.reset(),
            Streams::Several(decoder) => decoder.reset(),
        };
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
        let frames = match &mut self.inner {
            Streams::One(decoder) => decoder.decode_float_to_slice(packet, &mut self.samples, false)?,
            Streams::Several(decoder) => decoder.decode_float_to_slice(packet, &mut self.samples, false)?,
        };
        let start = trim_start.min(frames) * self.channels;
        let end = frames.saturating_sub(trim_end) * self.channels;
        if start < end {
            block.extend_from_slice(&self.samples[start..end]);
            if self.gain != 1.0 {
                block.iter_mut().for_each(|sample| *sample *= self.gain);
            }
        }
        Ok(())
    }
}

fn several<const CHANNELS: usize>(head: &OpusHead) -> Option<Streams> {
    let mapping = head.mapping.as_slice().try_into().ok()?;
    let config = Config::<CHANNELS>::try_new(head.streams, head.coupled, mapping)?;
    multistream::Decoder::new(config, SampleRate::Hz48000).ok().map(Streams::Several)
}
