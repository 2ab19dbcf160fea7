use super::{AAC_FRAMES, AacFormat};
use fdk_aac::enc::{AudioObjectType, BitRate, ChannelMode, Encoder, EncoderError, EncoderParams, Transport};
use std::io;

/// One AAC stream: interleaved samples into packets of 1,024 frames.
///
/// Deterministic: the same samples give the same bytes.
pub(crate) struct AacEncoder {
    inner: Encoder,
    priming: u16,
    config: Vec<u8>,
    samples: Vec<i16>,
    packet: Vec<u8>,
}

impl AacEncoder {
    /// # Errors
    /// `Other` for a format that the library does not take.
    pub(crate) fn new(format: AacFormat) -> io::Result<Self> {
        let params = EncoderParams {
            bit_rate: BitRate::Cbr(format.bitrate_bps),
            sample_rate: format.rate_hz,
            transport: Transport::Raw,
            channels: if format.channels == 1 { ChannelMode::Mono } else { ChannelMode::Stereo },
            audio_object_type: AudioObjectType::Mpeg4LowComplexity,
        };
        let inner = Encoder::new(params).map_err(|error| broken(&error))?;
        let info = inner.info().map_err(|error| broken(&error))?;
        if info.frameLength as usize != AAC_FRAMES {
            return Err(io::Error::other(format!("AAC packets of {} frames", info.frameLength)));
        }
        let priming = u16::try_from(info.nDelay).map_err(io::Error::other)?;
        let config = info.confBuf[..info.confSize as usize].to_vec();
        let packet = vec![0; info.maxOutBufBytes as usize];
        Ok(Self { inner, priming, config, samples: Vec::new(), packet })
    }

    /// Frames that a decoder gives before the first frame that went in.
    pub(crate) fn priming(&self) -> u16 {
        self.priming
    }

    /// The AudioSpecificConfig.
    pub(crate) fn config(&self) -> &[u8] {
        &self.config
    }

    /// `samples` are [`AAC_FRAMES`] frames, interleaved; ±1.0 is full scale, and what is above is cut off.
    pub(crate) fn encode(&mut self, samples: &[f32]) -> io::Result<&[u8]> {
        self.samples.clear();
        let whole = |sample: &f32| (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16;
        self.samples.extend(samples.iter().map(whole));
        let done = self.inner.encode(&self.samples, &mut self.packet).map_err(|error| broken(&error))?;
        if done.input_consumed != samples.len() || done.output_size == 0 {
            return Err(io::Error::other("a packet of AAC went in, and none came out"));
        }
        Ok(&self.packet[..done.output_size])
    }
}

fn broken(error: &EncoderError) -> io::Error {
    io::Error::other(format!("FDK AAC: {error}"))
}
