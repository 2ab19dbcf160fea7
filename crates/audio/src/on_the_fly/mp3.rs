use super::start::{Position, Start};
use crate::mp3::{DelayHeader, MPEG_FRAMES, Mp3Format, Mp3Frames, Mp3Quality, id3_tag};
use crate::rung::Rung;
use crate::transcode::{Source, Tap};
use std::io::{self, Write};

/// MP3 whose first frames are for the encoder to settle; LAME's header has players drop them.
pub(super) struct Mp3Live<W> {
    frames: Mp3Frames,
    position: Position,
    header: DelayHeader,
    channels: u64,
    /// Frames that went in before the first one that is heard.
    before: u64,
    samples: u64,
    out: W,
}

/// As many frames as the header's delay has room for.
const SETTLING: u64 = (DelayHeader::MOST / MPEG_FRAMES * MPEG_FRAMES) as u64;

impl<W: Write> Mp3Live<W> {
    pub(super) fn new(rung: Rung, source: &Source<'_>, start: &Start, mut out: W) -> io::Result<(Tap, u32, Self)> {
        let (tap, rate_hz) = source.tap(|rate_hz| matches!(rate_hz, 32_000 | 44_100 | 48_000));
        let is_constant = rung == Rung::Mp3Cbr320;
        let quality = if is_constant { Mp3Quality::Cbr320 } else { Mp3Quality::V0 };
        let frames = Mp3Frames::new(Mp3Format { channels: source.channels as u16, rate_hz, quality })?;
        let (begin, heard) = start.at(rate_hz);
        let before = SETTLING.min(heard - begin);
        out.write_all(&id3_tag(source.labels, None)?)?;
        let mp3 = Self {
            frames,
            position: Position { begin, encode: heard - before },
            header: DelayHeader::dropping(before as usize, source.channels, is_constant),
            channels: source.channels as u64,
            before,
            samples: 0,
            out,
        };
        Ok((tap, rate_hz, mp3))
    }

    pub(super) fn position(&self) -> Position {
        self.position
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let Self { frames, header, out, .. } = self;
        self.samples += samples.len() as u64;
        frames.push(samples, &mut |bytes| out.write_all(&header.pass(bytes)))
    }

    pub(super) fn finish(self) -> io::Result<u64> {
        let Self { mut frames, mut header, mut out, .. } = self;
        frames.finish(&mut |bytes| out.write_all(&header.pass(bytes)))?;
        out.write_all(&header.rest())?;
        out.flush()?;
        Ok((self.samples / self.channels).saturating_sub(self.before))
    }
}
