use opusic_c::{Application, Bitrate, Channels, Encoder, ErrorCode, SampleRate};
use std::io;

/// Frames in a packet: 20 ms at 48 kHz.
pub(crate) const PACKET_FRAMES: usize = 960;
/// The longest packet of one frame (RFC 6716 §3.2.1); libopus keeps within what it is given.
const MAX_PACKET: usize = 1_275;

/// One Opus stream: interleaved samples at 48 kHz into packets of 20 ms.
///
/// Deterministic: the same samples give the same bytes.
pub(crate) struct OpusEncoder {
    inner: Encoder,
    channels: usize,
    pre_skip: u16,
    /// Packets that are still to come without prediction.
    independent: u8,
    packet: [u8; MAX_PACKET],
}

impl OpusEncoder {
    /// `channels` is 1 or 2; `stereo_bps` is what stereo would get; `complexity` is 0 to 10.
    pub(crate) fn new(channels: usize, stereo_bps: u32, complexity: u8) -> io::Result<Self> {
        let layout = if channels == 1 { Channels::Mono } else { Channels::Stereo };
        let mut inner = Encoder::new(layout, SampleRate::Hz48000, Application::Audio).map_err(broken)?;
        inner.set_bitrate(Bitrate::Value(bitrate_bps(channels, stereo_bps))).map_err(broken)?;
        inner.set_vbr(true).map_err(broken)?;
        inner.set_vbr_constraint(false).map_err(broken)?;
        inner.set_complexity(complexity).map_err(broken)?;
        let pre_skip = inner.get_look_ahead().map_err(broken)? as u16;
        let mut encoder = Self { inner, channels, pre_skip, independent: 0, packet: [0; MAX_PACKET] };
        encoder.begin()?;
        Ok(encoder)
    }

    /// What comes next can be decoded behind whatever was decoded before, another track say: players go from one to the
    /// next with the same decoder.
    pub(crate) fn begin(&mut self) -> io::Result<()> {
        self.independent = INDEPENDENT_PACKETS;
        self.inner.set_prediction_disabled(true).map_err(broken)
    }

    pub(crate) fn channels(&self) -> usize {
        self.channels
    }

    /// Frames at 48 kHz that a decoder gives before the first frame that went in.
    pub(crate) fn pre_skip(&self) -> u16 {
        self.pre_skip
    }

    /// `samples` are [`PACKET_FRAMES`] frames.
    pub(crate) fn encode(&mut self, samples: &[f32]) -> io::Result<&[u8]> {
        let length = self.inner.encode_float_to_slice(samples, &mut self.packet).map_err(broken)?;
        if self.independent > 0 {
            self.independent -= 1;
            self.inner.set_prediction_disabled(self.independent > 0).map_err(broken)?;
        }
        Ok(&self.packet[..length])
    }
}

/// The second one, so that the pitch filter of the third, which looks back by 21 ms, finds nothing else either.
const INDEPENDENT_PACKETS: u8 = 2;

/// The work that libopus puts into Opus, 0 to 10; 10 is what opusenc and ffmpeg take, and what renditions are made with.
pub const OPUS_COMPLEXITY: u8 = 10;

/// Mono needs a little more than half of what stereo gets for the same quality, since it has no second
/// channel to borrow from.
pub(crate) fn bitrate_bps(channels: usize, stereo_bps: u32) -> u32 {
    if channels == 1 { stereo_bps / 8 * 5 } else { stereo_bps }
}

fn broken(error: ErrorCode) -> io::Error {
    io::Error::other(format!("libopus: {}", error.message()))
}
