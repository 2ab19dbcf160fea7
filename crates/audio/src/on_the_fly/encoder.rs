use super::aac::AacLive;
use super::flac::FlacLive;
use super::mp3::Mp3Live;
use super::opus::OpusLive;
use super::start::{Position, Start};
use super::{Form, Wish};
use crate::rung::Rung;
use crate::transcode::{Source, Tap};
use std::io::{self, ErrorKind, Write};

/// One encoder, and the container that takes its packets.
pub(super) enum Encoder<W> {
    Opus(Box<OpusLive<W>>),
    Flac(Box<FlacLive<W>>),
    Mp3(Box<Mp3Live<W>>),
    Aac(Box<AacLive<W>>),
}

impl<W: Write> Encoder<W> {
    /// Writes the headers. Gives where on the signal path the samples come from, and their rate.
    pub(super) fn new(wish: &Wish, source: &Source<'_>, start: &Start, out: W) -> io::Result<(Tap, u32, Self)> {
        match wish.rung {
            Rung::Opus { kbps } => {
                let opus = OpusLive::new(wish, u32::from(kbps) * 1000, source, start, out)?;
                Ok((Tap::Resampled, crate::resample::RATE_HZ, Self::Opus(Box::new(opus))))
            }
            Rung::Aac { kbps } => {
                let (tap, rate_hz, aac) = AacLive::new(kbps, source, start, out)?;
                Ok((tap, rate_hz, Self::Aac(Box::new(aac))))
            }
            Rung::Flac16 | Rung::Flac => {
                let (tap, rate_hz, flac) = FlacLive::new(wish, source, start, out)?;
                Ok((tap, rate_hz, Self::Flac(Box::new(flac))))
            }
            Rung::Mp3V0 | Rung::Mp3Cbr320 if wish.form == Form::Segments => {
                Err(io::Error::new(ErrorKind::InvalidInput, "MP3 has no segments"))
            }
            Rung::Mp3V0 | Rung::Mp3Cbr320 => {
                let (tap, rate_hz, mp3) = Mp3Live::new(wish.rung, source, start, out)?;
                Ok((tap, rate_hz, Self::Mp3(Box::new(mp3))))
            }
        }
    }

    pub(super) fn position(&self) -> Position {
        match self {
            Self::Opus(opus) => opus.position(),
            Self::Flac(flac) => flac.position(),
            Self::Mp3(mp3) => mp3.position(),
            Self::Aac(aac) => aac.position(),
        }
    }

    /// `samples` are whole frames, a packet of Opus at the most.
    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        match self {
            Self::Opus(opus) => opus.push(samples),
            Self::Flac(flac) => flac.push(samples),
            Self::Mp3(mp3) => mp3.push(samples),
            Self::Aac(aac) => aac.push(samples),
        }
    }

    /// The frames that are heard.
    pub(super) fn finish(self) -> io::Result<u64> {
        match self {
            Self::Opus(opus) => opus.finish(),
            Self::Flac(flac) => flac.finish(),
            Self::Mp3(mp3) => mp3.finish(),
            Self::Aac(aac) => aac.finish(),
        }
    }
}
