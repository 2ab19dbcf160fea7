use crate::cmaf::{CmafRendition, CmafWriter};
use crate::downmix::Downmix;
use crate::layout::Layout;
use crate::limiter::Limiter;
use crate::ogg::{OggRendition, OggWriter};
use crate::opus::{OpusEncoder, PACKET_FRAMES, bitrate_bps};
use crate::render::OpusOutput;
use crate::resample::{Resample, output_frames};
use serde::{Deserialize, Serialize};
use std::io;

/// One bit rate of the ladder, in both forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpusRendition {
    /// The rung that was asked for, in bits per second of a stereo stream. What was spent depends on the music, and
    /// mono gets five eighths.
    pub stereo_bps: u32,
    /// The whole file.
    pub ogg: OggRendition,
    /// The file for HLS.
    pub cmaf: CmafRendition,
}

/// Source samples into Opus streams, each packed twice.
pub(crate) struct Transcoder<'a> {
    rate_hz: u32,
    channels: usize,
    downmix: Downmix,
    limiter: Limiter,
    limited: Vec<f32>,
    resample: Resample,
    /// Samples at 48 kHz that are not encoded yet.
    ready: Vec<f32>,
    streams: Vec<Stream<'a>>,
}

impl<'a> Transcoder<'a> {
    pub(crate) fn new(layout: &Layout, rate_hz: u32, outputs: Vec<OpusOutput<'a>>) -> io::Result<Self> {
        let downmix = Downmix::new(layout);
        let channels = downmix.channels();
        let streams = outputs.into_iter().map(|output| Stream::new(output, channels, rate_hz));
        Ok(Self {
            rate_hz,
            channels,
            streams: streams.collect::<io::Result<_>>()?,
            downmix,
            limiter: Limiter::new(channels),
            limited: Vec::new(),
            resample: Resample::new(rate_hz, channels).map_err(io::Error::other)?,
            ready: Vec::new(),
        })
    }

    /// Channels of the renditions.
    pub(crate) fn channels(&self) -> usize {
        self.channels
    }

    /// `block` is interleaved, in the source's channels and rate.
    pub(crate) fn push(&mut self, block: &[f32]) -> io::Result<()> {
        self.limited.clear();
        self.limiter.push(self.downmix.mix(block), &mut self.limited);
        self.resample.push(&self.limited, &mut self.ready).map_err(io::Error::other)?;
        self.encode()
    }

    /// `frames` is the number that was pushed, at the source's rate.
    pub(crate) fn finish(mut self, frames: u64) -> io::Result<Vec<OpusRendition>> {
        let total = output_frames(frames, self.rate_hz);
        self.limited.clear();
        self.limiter.finish(&mut self.limited);
        self.resample.push(&self.limited, &mut self.ready).map_err(io::Error::other)?;
        self.resample.finish(total, &mut self.ready).map_err(io::Error::other)?;
        self.encode()?;
        self.streams.into_iter().map(|stream| stream.finish(total, &self.ready)).collect()
    }

    fn encode(&mut self) -> io::Result<()> {
        let mut packets = self.ready.chunks_exact(PACKET_FRAMES * self.channels);
        for frames in &mut packets {
            self.streams.iter_mut().try_for_each(|stream| stream.encode(frames))?;
        }
        let left = packets.remainder().len();
        self.ready.drain(..self.ready.len() - left);
        Ok(())
    }
}

/// One encoder and what takes its packets.
struct Stream<'a> {
    stereo_bps: u32,
    encoder: OpusEncoder,
    ogg: OggWriter<'a>,
    cmaf: CmafWriter<'a>,
}

impl<'a> Stream<'a> {
    fn new(output: OpusOutput<'a>, channels: usize, rate_hz: u32) -> io::Result<Self> {
        let OpusOutput { stereo_bps, ogg, cmaf, .. } = output;
        let encoder = OpusEncoder::new(channels, stereo_bps)?;
        Ok(Self {
            stereo_bps,
            ogg: OggWriter::new(ogg, channels, encoder.pre_skip(), rate_hz)?,
            cmaf: CmafWriter::new(cmaf, channels, encoder.pre_skip(), bitrate_bps(channels, stereo_bps))?,
            encoder,
        })
    }

    fn encode(&mut self, frames: &[f32]) -> io::Result<()> {
        let packet = self.encoder.encode(frames)?;
        self.ogg.push(packet)?;
        self.cmaf.push(packet)
    }

    /// `total` is the music's length; `left` its last samples, which fill no packet.
    fn finish(mut self, total: u64, left: &[f32]) -> io::Result<OpusRendition> {
        let channels = self.encoder.channels();
        // The encoder is `pre_skip` frames behind: silence pushes the last of the music out.
        let end = total + u64::from(self.encoder.pre_skip());
        let left_frames = (left.len() / channels) as u64;
        let packets = end.div_ceil(PACKET_FRAMES as u64) - (total - left_frames) / PACKET_FRAMES as u64;
        let mut last = left.to_vec();
        last.resize(packets as usize * PACKET_FRAMES * channels, 0.0);
        last.chunks_exact(PACKET_FRAMES * channels).try_for_each(|frames| self.encode(frames))?;
        Ok(OpusRendition { stereo_bps: self.stereo_bps, ogg: self.ogg.finish(end)?, cmaf: self.cmaf.finish(end)? })
    }
}
