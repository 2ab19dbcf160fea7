//! Decoding from any position, as if everything before it had been decoded.

use super::{Decoder, Gaps, guarded};
use crate::failure::Failure;
use crate::limits::Limits;
use crate::probe::{Codec, Container, Probe};
use std::io::{self, Read, Seek};
use symphonia::core::formats::{SeekMode, SeekTo};
use symphonia::core::packet::Packet;
use symphonia::core::units::{TimeBase, Timestamp};

/// Where packets stand in what is decoded.
#[derive(Clone, Copy, Default)]
pub(super) struct Timeline {
    /// The timestamp of the first frame that was decoded.
    origin: i64,
    /// Frames in a packet.
    packet_frames: u64,
}

/// Packets that are decoded after a jump before one counts: what a codec needs of the past (the bit reservoir of MP3,
/// the overlap of AAC and Vorbis) is there then.
const WARM_UP_PACKETS: u32 = 4;
/// What they may hold: no codec but FLAC has longer packets.
const LONGEST_PACKET: u64 = 8_192;
/// And a part of a second: what Opus needs to converge is a third of it.
const WARM_UP_PART: u64 = 4;

impl Decoder {
    /// A decoder whose first frame is the one that `at` names, counted from the first frame of music.
    ///
    /// Of a lossless source the samples are those that decoding from its start gives; of a lossy one they differ by what
    /// its decoder remembers. `source` may be asked for the source twice: where it cannot be jumped in exactly, it is
    /// decoded from its start. Behind the end of the music nothing comes.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_at<R: Read + Seek + Send + Sync + 'static>(
        mut source: impl FnMut() -> io::Result<R>,
        extension: Option<&str>,
        limits: &Limits,
        at: impl Fn(&Probe) -> u64,
    ) -> Result<Self, Failure> {
        let mut decoder = Self::open(source()?, extension, limits)?;
        let frame = at(&decoder.probe);
        if !decoder.jump(frame)? {
            decoder = Self::open(source()?, extension, limits)?;
        }
        decoder.unwanted = frame - decoder.frames;
        Ok(decoder)
    }

    /// Notes where the first packet that gave frames stands.
    pub(super) fn note_origin(&mut self, packet: &Packet) {
        let packet_frames = (self.block.len() / self.layout.channels().max(1)) as u64;
        self.timeline = Timeline { origin: first_tick(packet), packet_frames };
    }

    /// Goes on shortly before `frame`. False: this decoder is good for nothing any more.
    fn jump(&mut self, frame: u64) -> Result<bool, Failure> {
        let target = self.window.to_skip().saturating_add(frame);
        let rate_hz = u64::from(self.probe.sample_rate_hz);
        let packets = u64::from(WARM_UP_PACKETS + 1) * self.timeline.packet_frames.max(LONGEST_PACKET);
        let lead = rate_hz / WARM_UP_PART + packets;
        let Some(goal) = target.checked_sub(lead).filter(|goal| *goal > rate_hz) else {
            return Ok(true); // Nothing is decoded but the first packet: there is no reason to jump.
        };
        // In Matroska symphonia goes by an index that it misreads; it is quick to read over what comes before.
        let is_there = if self.probe.container == Container::Matroska { self.skim(goal) } else { self.seek(goal) };
        if !is_there? {
            return Ok(false);
        }
        guarded(|| self.codec.reset())?;
        (self.is_primed, self.gaps) = (false, Gaps::default());
        let Some(at) = self.warm_up(target)? else { return Ok(false) };
        let skipped = self.window.to_skip();
        let Ok(frames) = usize::try_from(at) else { return Ok(false) };
        self.window.advance(frames);
        self.frames = at.saturating_sub(skipped);
        Ok(true)
    }

    fn seek(&mut self, goal: u64) -> Result<bool, Failure> {
        let Some(tick) = self.tick_of(goal) else { return Ok(false) };
        let to = SeekTo::Timestamp { ts: Timestamp::new(tick), track_id: self.track_id };
        self.ahead.clear();
        if guarded(|| self.demuxer.seek(SeekMode::Accurate, to))?.is_err() {
            return self.gauge.take_failure().map_or(Ok(false), |failure| Err(failure.into()));
        }
        Ok(true)
    }

    /// Reads packets until the one that stands at `goal` or behind it.
    fn skim(&mut self, goal: u64) -> Result<bool, Failure> {
        while let Some(packet) = self.next_packet()? {
            let Some(at) = self.frame_of(&packet) else { return Ok(false) };
            if at >= goal {
                self.ahead.push_front(packet);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Decodes a few packets for the decoder's sake; where the next one stands, if that is known and before `target`.
    fn warm_up(&mut self, target: u64) -> Result<Option<u64>, Failure> {
        for _ in 0..WARM_UP_PACKETS {
            let Some(packet) = self.next_packet()? else { return Ok(None) };
            // The first ones may well refer to what was not read.
            drop(guarded(|| self.codec.decode(&packet, &mut self.block))?);
        }
        let Some(packet) = self.next_packet()? else { return Ok(None) };
        let at = self.frame_of(&packet).filter(|at| *at <= target);
        self.ahead.push_front(packet);
        Ok(at)
    }

    /// The timestamp of a decoded frame, roughly.
    fn tick_of(&self, frame: u64) -> Option<i64> {
        let base = self.time_base?;
        let ticks = u128::from(frame) * u128::from(base.denom.get())
            / (u128::from(base.numer.get()) * u128::from(self.probe.sample_rate_hz));
        self.timeline.origin.checked_add(i64::try_from(ticks).ok()?)
    }

    /// Which decoded frame is a packet's first, exactly.
    fn frame_of(&self, packet: &Packet) -> Option<u64> {
        let base = self.time_base?;
        let ticks = u64::try_from(first_tick(packet).checked_sub(self.timeline.origin)?).ok()?;
        let frames_per_tick = frames_per_tick(base, self.probe.sample_rate_hz);
        if frames_per_tick == (1, 1) {
            return Some(ticks);
        }
        // Timestamps are rounded; but packets of one length stand at its multiples.
        let packet_frames = u128::from(self.timeline.packet_frames).max(1);
        let (frames, per) = frames_per_tick;
        let is_regular = matches!(self.probe.codec, Codec::Aac | Codec::Alac | Codec::Flac | Codec::Mp3 | Codec::Opus);
        if !is_regular || frames * 4 > packet_frames * per {
            return None;
        }
        let packets = (u128::from(ticks) * frames + packet_frames * per / 2) / (packet_frames * per);
        u64::try_from(packets * packet_frames).ok()
    }
}

/// The timestamp of the first frame that a packet gives.
fn first_tick(packet: &Packet) -> i64 {
    packet.pts.get().saturating_add_unsigned(packet.trim_start.get())
}

/// As a fraction in lowest terms, if that is 1.
fn frames_per_tick(base: TimeBase, rate_hz: u32) -> (u128, u128) {
    let (frames, per) = (u128::from(base.numer.get()) * u128::from(rate_hz), u128::from(base.denom.get()));
    if frames == per { (1, 1) } else { (frames, per) }
}
