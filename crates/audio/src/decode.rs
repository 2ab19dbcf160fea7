mod codec;
mod flac;
mod open;
mod pcm;
mod skip;

use self::codec::PacketDecoder;
use self::skip::Timeline;
use crate::failure::{Failure, Rejection};
use crate::gapless::Window;
use crate::layout::Layout;
use crate::probe::{Container, Probe};
use crate::source::Gauge;
use crate::tags::EmbeddedCover;
use crate::warning::Warning;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use symphonia::core::errors::Error;
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;
use symphonia::core::units::TimeBase;

/// The samples of a source, from its first to its last frame of music.
///
/// What encoders put before and behind the music is gone (edit lists, iTunSMPB, LAME tags, Opus
/// pre-skip and end trim). A passage that cannot be decoded becomes silence of the same length and
/// a [`Warning`]. Every sample is a finite number.
pub struct Decoder {
    demuxer: Box<dyn FormatReader>,
    codec: PacketDecoder,
    probe: Probe,
    layout: Layout,
    gauge: Gauge,
    length: u64,
    track_id: u32,
    time_base: Option<TimeBase>,
    window: Window,
    tail: Tail,
    timeline: Timeline,
    /// Frames that come before the first one that is wanted.
    unwanted: u64,
    /// Packets that were looked at before they are decoded.
    ahead: VecDeque<Packet>,
    cover: Option<EmbeddedCover>,
    max_frames: u64,
    limit_seconds: u64,
    /// Interleaved samples.
    block: Vec<f32>,
    /// `block` was decoded ahead, to learn the format.
    is_primed: bool,
    frames: u64,
    percent: u8,
    /// By its headers the file should be longer.
    is_cut: bool,
    gaps: Gaps,
    invalid_samples: u64,
}

/// What could not be decoded, and the silence for it.
#[derive(Default)]
struct Gaps {
    /// The timestamp that the next packet should have.
    next_pts: Option<i64>,
    /// Frames of silence that have to be given.
    silence: u64,
    /// The packet that comes after the silence.
    held: Option<Packet>,
    first_at: Option<u64>,
    last_end: u64,
    places: u32,
    lost_frames: u64,
}

/// A gap in the timestamps that is longer than this is not filled: a number in a damaged header must
/// not become hours of silence.
const MAX_SILENCE_SECONDS: u64 = 10;
const SILENCE_BLOCK: u64 = 4_096;
/// +36 dBFS. Nothing that anyone can hear needs more, and squares of it still sum up.
const LOUDEST: f32 = 64.0;

/// The last frames of a source that does not say how long it is, but how much of its end is no music.
#[derive(Default)]
struct Tail {
    frames: usize,
    /// Interleaved samples.
    held: Vec<f32>,
}

/// An encoder fills up one packet, and none is longer than this.
const MAX_TAIL: u64 = 20_000;

impl Tail {
    fn holding(frames: u64) -> Self {
        Self { frames: if frames <= MAX_TAIL { frames as usize } else { 0 }, held: Vec::new() }
    }

    /// Leaves in the block what cannot be among the last frames.
    fn hold_back(&mut self, block: &mut Vec<f32>, channels: usize) {
        if self.frames == 0 {
            return;
        }
        self.held.append(block);
        let free = self.held.len().saturating_sub(self.frames * channels);
        block.extend(self.held.drain(..free));
    }
}

impl Decoder {
    /// What the source is. Its sample rate and channels are those of the decoded samples.
    pub fn probe(&self) -> &Probe {
        &self.probe
    }

    pub(crate) fn into_probe(self) -> (Probe, Option<EmbeddedCover>) {
        (self.probe, self.cover)
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The bit rate of a lossy source by its size and the length that it claims, in bits per second; `None` for a
    /// lossless one, or one that claims no length.
    pub(crate) fn worth_bps(&self) -> Option<u32> {
        let frames = self.probe.claimed_frames.filter(|frames| *frames > 0 && !self.probe.codec.is_lossless())?;
        let bits = u128::from(self.length) * 8 * u128::from(self.probe.sample_rate_hz);
        Some(u32::try_from(bits / u128::from(frames)).unwrap_or(u32::MAX))
    }

    /// Frames of music so far: those given, and those before them.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// How much of the source is read, 0 to 100; never less than before.
    pub fn percent(&mut self) -> u8 {
        let percent = self.gauge.position().saturating_mul(100) / self.length.max(1);
        self.percent = self.percent.max(percent.min(100) as u8);
        self.percent
    }

    /// The next block of interleaved samples (±1.0 is full scale, the number of frames varies), or
    /// `None` at the end.
    ///
    /// # Errors
    /// [`Failure::Rejected`] when the limits are crossed, the format changes, or too little can be
    /// decoded; [`Failure::Io`] if the source cannot be read.
    pub fn next_block(&mut self) -> Result<Option<&[f32]>, Failure> {
        loop {
            if self.window.is_over() || !(std::mem::take(&mut self.is_primed) || self.fill()?) {
                self.check_damage()?;
                return Ok(None);
            }
            self.trim();
            self.tail.hold_back(&mut self.block, self.layout.channels());
            self.drop_unwanted();
            if self.block.is_empty() {
                continue;
            }
            self.invalid_samples += repair(&mut self.block);
            self.frames += (self.block.len() / self.layout.channels()) as u64;
            if self.frames > self.max_frames {
                return Err(Rejection::TooLong { limit_seconds: self.limit_seconds }.into());
            }
            return Ok(Some(&self.block));
        }
    }

    /// What was odd. Complete once [`next_block`](Self::next_block) has given `None`.
    pub fn warnings(&mut self) -> Vec<Warning> {
        let rate = f64::from(self.probe.sample_rate_hz);
        let mut warnings = Vec::new();
        if let Some(first_at) = self.gaps.first_at {
            warnings.push(Warning::Damaged {
                at_seconds: first_at as f64 / rate,
                places: self.gaps.places,
                lost_frames: self.gaps.lost_frames,
            });
        }
        // Lossy codecs round to packets; a few frames less than claimed are no loss.
        let slack = if self.probe.codec.is_lossless() { 0 } else { u64::from(self.probe.sample_rate_hz) / 10 };
        let claimed_frames = self.probe.claimed_frames.filter(|claimed| self.frames + slack < *claimed);
        if self.is_cut || claimed_frames.is_some() {
            warnings.push(Warning::EndsEarly { claimed_frames, frames: self.frames });
        }
        if self.invalid_samples > 0 {
            warnings.push(Warning::InvalidSamples { count: self.invalid_samples });
        }
        if warnings.is_empty() && self.codec.differs_from_checksum() {
            warnings.push(Warning::ChecksumMismatch);
        }
        warnings
    }

    /// Decode the next packet into `block`, or put silence there. `false` at the end.
    fn fill(&mut self) -> Result<bool, Failure> {
        loop {
            if self.gaps.silence > 0 {
                let frames = self.gaps.silence.min(SILENCE_BLOCK);
                self.gaps.silence -= frames;
                self.block.clear();
                self.block.resize(frames as usize * self.layout.channels(), 0.0);
                return Ok(true);
            }
            let packet = match self.gaps.held.take() {
                Some(packet) => packet,
                None => {
                    let Some(packet) = self.next_packet()? else { return Ok(false) };
                    if self.note_gap(&packet) {
                        self.gaps.held = Some(packet);
                        continue;
                    }
                    packet
                }
            };
            if self.decode(&packet)? {
                return Ok(true);
            }
        }
    }

    fn next_packet(&mut self) -> Result<Option<Packet>, Failure> {
        match self.ahead.pop_front() {
            Some(packet) => Ok(Some(packet)),
            None => self.demux_packet(),
        }
    }

    fn demux_packet(&mut self) -> Result<Option<Packet>, Failure> {
        loop {
            match guarded(|| self.demuxer.next_packet())? {
                Ok(Some(packet)) if packet.track_id == self.track_id => return Ok(Some(packet)),
                Ok(Some(_)) => {}
                // Some demuxers take a failing disk for the end of the file.
                Ok(None) => return self.gauge.take_failure().map_or(Ok(None), |failure| Err(failure.into())),
                Err(Error::ResetRequired) => return Err(Rejection::FormatChanges.into()),
                Err(error) => {
                    if let Some(failure) = self.gauge.take_failure() {
                        return Err(failure.into());
                    }
                    // Whatever the container's fault is, the sound ends here. At the end of the file it
                    // is a cut, which the claimed length tells; before it, damage.
                    if !matches!(error, Error::IoError(_)) {
                        self.gaps.note(self.frames, 0);
                    }
                    return Ok(None);
                }
            }
        }
    }

    /// Decode one packet into `block`; `false` if there is nothing in it.
    fn decode(&mut self, packet: &Packet) -> Result<bool, Failure> {
        match guarded(|| self.codec.decode(packet, &mut self.block))? {
            Ok(Some(spec)) if spec == (self.probe.sample_rate_hz, self.layout.channels()) => Ok(true),
            Ok(Some(_)) => Err(Rejection::FormatChanges.into()),
            Ok(None) => Ok(false),
            Err(Error::ResetRequired) => Err(Rejection::FormatChanges.into()),
            Err(_) => {
                let frames = self.frames_in(packet);
                self.lose(frames);
                Ok(false)
            }
        }
    }

    /// Whether frames are missing before this packet, which the demuxer jumped over without a word.
    fn note_gap(&mut self, packet: &Packet) -> bool {
        // Only these count in frames; others count in milliseconds, or the number is the demuxer's own.
        let counts_frames = matches!(self.probe.container, Container::Flac | Container::Ogg)
            && self
                .time_base
                .is_some_and(|base| base.numer.get() == 1 && base.denom.get() == self.probe.sample_rate_hz);
        if !counts_frames {
            return false;
        }
        let pts = packet.pts.get();
        let gap = self.gaps.next_pts.map_or(0, |expected| pts.saturating_sub(expected));
        self.gaps.next_pts = Some(pts.saturating_add_unsigned(packet.block_dur().get()));
        match u64::try_from(gap) {
            Ok(frames) if frames > 0 => {
                self.lose(frames);
                true
            }
            _ => false,
        }
    }

    fn lose(&mut self, frames: u64) {
        self.gaps.note(self.frames, frames);
        self.gaps.silence = frames.min(MAX_SILENCE_SECONDS * u64::from(self.probe.sample_rate_hz));
    }

    fn frames_in(&self, packet: &Packet) -> u64 {
        // Without a time base a demuxer counts frames.
        let Some(base) = self.time_base else { return packet.dur.get() };
        let ticks = u128::from(packet.dur.get()) * u128::from(base.numer.get()) * u128::from(self.probe.sample_rate_hz);
        u64::try_from(ticks / u128::from(base.denom.get())).unwrap_or(0)
    }

    fn trim(&mut self) {
        let channels = self.layout.channels();
        let kept = self.window.advance(self.block.len() / channels);
        self.block.truncate(kept.end * channels);
        self.block.drain(..kept.start * channels);
    }

    fn drop_unwanted(&mut self) {
        if self.unwanted == 0 {
            return;
        }
        let channels = self.layout.channels();
        let frames = self.unwanted.min((self.block.len() / channels) as u64);
        self.block.drain(..frames as usize * channels);
        self.unwanted -= frames;
        self.frames += frames;
    }

    /// A source of which less than half can be decoded is not worth a warning.
    fn check_damage(&self) -> Result<(), Rejection> {
        match self.gaps.first_at {
            Some(first_at) if self.gaps.lost_frames > self.frames / 2 => {
                let seconds = first_at as f64 / f64::from(self.probe.sample_rate_hz);
                Err(Rejection::damaged(&format!("most of it cannot be decoded, from {seconds:.2} s on")))
            }
            _ => Ok(()),
        }
    }
}

impl Gaps {
    fn note(&mut self, at: u64, lost: u64) {
        // Packets lost in a row are one place.
        if self.first_at.is_none() || at != self.last_end {
            self.places += 1;
        }
        self.first_at.get_or_insert(at);
        self.last_end = at + lost;
        self.lost_frames = self.lost_frames.saturating_add(lost);
    }
}

/// Call into foreign code that reads hostile bytes. Where it panics (an overflow in a build with checks,
/// an index that nobody thought of), the file is the cause.
fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, Rejection> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| Rejection::damaged("its headers or packets make no sense"))
}

/// Make every sample finite and sane; returns how many were not.
fn repair(samples: &mut [f32]) -> u64 {
    // Nearly always all are; sixteen at once are looked at in a few instructions. Nothing is below NaN.
    let (sixteens, rest) = samples.as_chunks::<16>();
    let is_sane = |sample: &f32| sample.abs() <= LOUDEST;
    let are_sane = |some: &[f32; 16]| some.iter().fold(true, |sane, sample| sane & is_sane(sample));
    if sixteens.iter().all(are_sane) && rest.iter().all(is_sane) {
        return 0;
    }
    let mut count = 0;
    for sample in samples {
        if sample.is_nan() || sample.abs() > LOUDEST {
            *sample = if sample.is_finite() { sample.clamp(-LOUDEST, LOUDEST) } else { 0.0 };
            count += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::repair;

    #[test]
    fn every_sample_becomes_a_finite_number() {
        let mut samples = [0.5, f32::NAN, f32::INFINITY, -1e30, -1.0];
        assert_eq!(repair(&mut samples), 3);
        assert_eq!(samples, [0.5, 0.0, 0.0, -64.0, -1.0]);
        for at in [0, 15, 16, 31, 32] {
            let mut samples = [0.25; 33];
            assert_eq!(repair(&mut samples), 0);
            samples[at] = f32::NAN;
            assert_eq!((repair(&mut samples), samples[at]), (1, 0.0), "{at}");
        }
    }
}
