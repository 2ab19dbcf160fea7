//! One rung of the ladder from any position, for whoever listens at once: no analysis, nothing is sought in the output,
//! and it ends within a packet when it is wanted no more.
//!
//! ```text
//! decoded from   encoded from   sent from      heard from
//!      │ limiter,     │ encoder     │ decoder       │
//!      │ resampler    │ settles     │ settles       │
//! ─────┴──────────────┴─────────────┴───────────────┴──────────▶
//! ```
//! What a decoder drops at the start (pre-skip, delay) makes the first frame that is heard exactly the one that was
//! asked for. Packets of Opus stand at the places where those of the whole rendition stand.

mod aac;
mod encoder;
mod flac;
mod mp3;
mod opus;
mod start;

use self::encoder::Encoder;
use self::start::{Position, Start};
use crate::decode::Decoder;
use crate::downmix::Downmix;
use crate::failure::Failure;
use crate::labels::Labels;
use crate::limiter::Limiter;
use crate::limits::Limits;
use crate::resample::{self, Resample};
use crate::rung::Rung;
use crate::transcode::{Source, Tap};
use serde::{Deserialize, Serialize};
use std::io::{self, ErrorKind, Read, Seek, Write};

/// What [`stream`] shall make.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The codec and its quality. A lossy source is not made worse than it is asked for: the caller chooses.
    pub rung: Rung,
    /// The container.
    pub form: Form,
    /// Where it begins, in milliseconds of music.
    pub start_ms: u64,
    /// What the whole file says of itself.
    pub labels: Labels,
    /// Of Opus, 0 to 10: [`OPUS_COMPLEXITY`](crate::OPUS_COMPLEXITY) gives what a rendition is.
    pub opus_complexity: u8,
}

/// How the packets are wrapped up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The codec's own file: Ogg Opus, FLAC, MP3; of AAC the same as [`Form::Segments`].
    Whole,
    /// Fragmented MP4 (CMAF): an init segment, then media segments as [`render`](crate::render()) cuts them. Opus, AAC
    /// and FLAC.
    Segments,
}

/// What went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streamed {
    /// Frames of music that are heard.
    pub frames: u64,
    /// Frames in a second.
    pub sample_rate_hz: u32,
}

/// Encodes a source from a position to its end, at the speed of the encoder, in constant memory.
///
/// `source` is asked once, or twice where the source cannot be jumped in. `out` is written to piece by piece (a page, a
/// segment, a frame) and never sought; it may block. `is_wanted` is asked before each packet and told how many seconds of
/// sound were decoded for it; where it says no, there is `None`. The start is exact to the sample for lossless sources and
/// rungs; of a FLAC or MP3 stream the headers do not know its length.
///
/// # Errors
/// [`Failure::Rejected`] if the source cannot be used; [`Failure::Io`] if it cannot be read or `out` fails,
/// `InvalidInput` for a form that the rung does not come in and for a start behind the end.
pub fn stream<R: Read + Seek + Send + Sync + 'static>(
    source: impl FnMut() -> io::Result<R>,
    extension: Option<&str>,
    limits: &Limits,
    wish: &Wish,
    out: impl Write,
    is_wanted: &mut dyn FnMut(u64) -> bool,
) -> Result<Option<Streamed>, Failure> {
    let begin = |probe: &crate::probe::Probe| Start::new(wish.start_ms, probe.sample_rate_hz).begin;
    let mut decoder = Decoder::open_at(source, extension, limits, begin)?;
    let mut line = Line::new(&decoder, wish, out)?;
    if line.run(&mut decoder, is_wanted)? {
        return Ok(Some(line.finish(decoder.frames())?));
    }
    Ok(None)
}

/// The signal path to one encoder.
struct Line<W> {
    tap: Tap,
    start: Start,
    rate_hz: u32,
    downmix: Downmix,
    limiter: Limiter,
    resample: Resample,
    /// Samples from the tap that come before the first one that is encoded.
    to_drop: u64,
    /// Samples of one packet, at which it is looked whether it is wanted still.
    piece: usize,
    encoder: Encoder<W>,
}

impl<W: Write> Line<W> {
    fn new(decoder: &Decoder, wish: &Wish, out: W) -> Result<Self, Failure> {
        let (probe, layout) = (decoder.probe(), decoder.layout());
        let downmix = Downmix::new(layout);
        let source = Source { layout, probe, channels: downmix.channels(), labels: &wish.labels };
        let start = Start::new(wish.start_ms, probe.sample_rate_hz);
        let (tap, rate_hz, encoder) = Encoder::new(wish, &source, &start, out)?;
        let Position { begin, encode } = encoder.position();
        let channels = if tap == Tap::Source { layout.channels() } else { downmix.channels() };
        Ok(Self {
            tap,
            start,
            rate_hz,
            limiter: Limiter::new(downmix.channels()),
            resample: Resample::new(probe.sample_rate_hz, downmix.channels()).map_err(io::Error::other)?,
            downmix,
            to_drop: (encode - begin) * channels as u64,
            piece: PIECE_FRAMES * channels,
            encoder,
        })
    }

    /// False: it was wanted no more.
    fn run(&mut self, decoder: &mut Decoder, is_wanted: &mut dyn FnMut(u64) -> bool) -> Result<bool, Failure> {
        let (mut limited, mut ready) = (Vec::new(), Vec::new());
        while let Some(block) = decoder.next_block()? {
            if self.tap == Tap::Source {
                ready.extend_from_slice(block);
            } else {
                limited.clear();
                self.limiter.push(self.downmix.mix(block), &mut limited);
                self.pass_on(&limited, &mut ready)?;
            }
            let seconds = self.seconds(decoder);
            if !self.feed(&ready, &mut || is_wanted(seconds))? {
                return Ok(false);
            }
            ready.clear();
        }
        limited.clear();
        self.limiter.finish(&mut limited);
        self.pass_on(&limited, &mut ready)?;
        self.rest(decoder.frames().saturating_sub(self.start.begin), &mut ready)?;
        let seconds = self.seconds(decoder);
        Ok(self.feed(&ready, &mut || is_wanted(seconds))?)
    }

    fn seconds(&self, decoder: &Decoder) -> u64 {
        decoder.frames().saturating_sub(self.start.begin) / u64::from(self.start.rate_hz)
    }

    fn pass_on(&mut self, limited: &[f32], ready: &mut Vec<f32>) -> io::Result<()> {
        match self.tap {
            Tap::Source => {}
            Tap::Mixed => ready.extend_from_slice(limited),
            Tap::Resampled => self.resample.push(limited, ready).map_err(io::Error::other)?,
        }
        Ok(())
    }

    /// What the resampler holds still of `frames` that it got.
    fn rest(&mut self, frames: u64, ready: &mut Vec<f32>) -> io::Result<()> {
        if self.tap != Tap::Resampled {
            return Ok(());
        }
        let total = resample::output_frames(frames, self.start.rate_hz);
        self.resample.finish(total, ready).map_err(io::Error::other)
    }

    fn feed(&mut self, samples: &[f32], is_wanted: &mut dyn FnMut() -> bool) -> io::Result<bool> {
        let dropped = self.to_drop.min(samples.len() as u64);
        self.to_drop -= dropped;
        for piece in samples[dropped as usize..].chunks(self.piece) {
            if !is_wanted() {
                return Ok(false);
            }
            self.encoder.push(piece)?;
        }
        Ok(true)
    }

    /// `frames` is the number of frames of music in the whole source.
    fn finish(self, frames: u64) -> io::Result<Streamed> {
        if frames <= self.start.frame {
            return Err(io::Error::new(ErrorKind::InvalidInput, "the start lies behind the end of the music"));
        }
        Ok(Streamed { frames: self.encoder.finish()?, sample_rate_hz: self.rate_hz })
    }
}

/// A packet of Opus at 48 kHz.
const PIECE_FRAMES: usize = crate::opus::PACKET_FRAMES;
