use crate::cmaf::{CmafRendition, CmafWriter};
use crate::downmix::Downmix;
use crate::layout::Layout;
use crate::limiter::Limiter;
use crate::ogg::{OggRendition, OggWriter};
use crate::opus::{OpusEncoder, PACKET_FRAMES};
use crate::render::Outputs;
use crate::resample::{Resample, output_frames};
use std::io;

/// Source samples into one Opus stream, packed twice.
pub(crate) struct Transcoder<'a> {
    rate_hz: u32,
    downmix: Downmix,
    limiter: Limiter,
    limited: Vec<f32>,
    resample: Resample,
    /// Samples at 48 kHz that are not encoded yet.
    ready: Vec<f32>,
    encoder: OpusEncoder,
    ogg: OggWriter<'a>,
    cmaf: CmafWriter<'a>,
}

impl<'a> Transcoder<'a> {
    pub(crate) fn new(layout: &Layout, rate_hz: u32, outputs: Outputs<'a>) -> io::Result<Self> {
        let Outputs { ogg, cmaf } = outputs;
        let downmix = Downmix::new(layout);
        let channels = downmix.channels();
        let encoder = OpusEncoder::new(channels)?;
        Ok(Self {
            rate_hz,
            downmix,
            limiter: Limiter::new(channels),
            limited: Vec::new(),
            resample: Resample::new(rate_hz, channels).map_err(io::Error::other)?,
            ready: Vec::new(),
            ogg: OggWriter::new(ogg, channels, encoder.pre_skip(), rate_hz)?,
            cmaf: CmafWriter::new(cmaf, channels, encoder.pre_skip())?,
            encoder,
        })
    }

    /// Channels of the renditions.
    pub(crate) fn channels(&self) -> usize {
        self.encoder.channels()
    }

    /// `block` is interleaved, in the source's channels and rate.
    pub(crate) fn push(&mut self, block: &[f32]) -> io::Result<()> {
        self.limited.clear();
        self.limiter.push(self.downmix.mix(block), &mut self.limited);
        self.resample.push(&self.limited, &mut self.ready).map_err(io::Error::other)?;
        self.encode()
    }

    /// `frames` is the number that was pushed, at the source's rate.
    pub(crate) fn finish(mut self, frames: u64) -> io::Result<(OggRendition, CmafRendition)> {
        let total = output_frames(frames, self.rate_hz);
        self.limited.clear();
        self.limiter.finish(&mut self.limited);
        self.resample.push(&self.limited, &mut self.ready).map_err(io::Error::other)?;
        self.resample.finish(total, &mut self.ready).map_err(io::Error::other)?;
        self.encode()?;

        // The encoder is `pre_skip` frames behind: silence pushes the last of the music out.
        let end = total + u64::from(self.encoder.pre_skip());
        let packets = end.div_ceil(PACKET_FRAMES as u64) - (total - self.ready_frames()) / PACKET_FRAMES as u64;
        self.ready.resize(packets as usize * PACKET_FRAMES * self.encoder.channels(), 0.0);
        self.encode()?;
        Ok((self.ogg.finish(end)?, self.cmaf.finish(end)?))
    }

    fn encode(&mut self) -> io::Result<()> {
        let samples = PACKET_FRAMES * self.encoder.channels();
        let mut packets = self.ready.chunks_exact(samples);
        for frame in &mut packets {
            let packet = self.encoder.encode(frame)?;
            self.ogg.push(packet)?;
            self.cmaf.push(packet)?;
        }
        let left = packets.remainder().len();
        self.ready.drain(..self.ready.len() - left);
        Ok(())
    }

    fn ready_frames(&self) -> u64 {
        (self.ready.len() / self.encoder.channels()) as u64
    }
}
