use crate::flac::bits::BitWriter;
use crate::flac::subframe::{Channel, Scratch};

/// All channels of a block, and for stereo their middle and difference.
pub(super) struct Channels {
    channels: Vec<Channel>,
    /// (left + right) ÷ 2, rounded down, and left − right; empty but for stereo.
    others: Vec<Channel>,
    bits: u32,
    scratch: Scratch,
}

/// The channel assignments of RFC 9639 §9.1.3 for two channels that are not coded each on its own.
const LEFT_SIDE: u32 = 8;
const SIDE_RIGHT: u32 = 9;
const MID_SIDE: u32 = 10;

impl Channels {
    pub(super) fn new(channels: usize, bits: u32) -> Self {
        let some = |count: usize| (0..count).map(|_| Channel::default()).collect();
        Self {
            channels: some(channels),
            others: some(if channels == 2 { 2 } else { 0 }),
            bits,
            scratch: Scratch::default(),
        }
    }

    /// Takes a block of interleaved samples; its channel assignment.
    pub(super) fn analyse(&mut self, block: &[i32]) -> u32 {
        let Self { channels, others, bits, scratch } = self;
        let count = channels.len();
        for (index, channel) in channels.iter_mut().enumerate() {
            channel.samples.clear();
            channel.samples.extend(block.iter().skip(index).step_by(count));
        }
        if let [middle, side] = &mut others[..] {
            let (frames, _) = block.as_chunks::<2>();
            middle.samples.clear();
            middle.samples.extend(frames.iter().map(|[left, right]| (left + right) >> 1));
            side.samples.clear();
            side.samples.extend(frames.iter().map(|[left, right]| left - right));
            middle.analyse(*bits, scratch);
            side.analyse(*bits + 1, scratch);
        }
        channels.iter_mut().for_each(|channel| channel.analyse(*bits, scratch));
        self.assignment()
    }

    fn assignment(&self) -> u32 {
        let ([left, right], [middle, side]) = (&self.channels[..], &self.others[..]) else {
            return self.channels.len() as u32 - 1;
        };
        let pairs = [(1, left, right), (LEFT_SIDE, left, side), (SIDE_RIGHT, side, right), (MID_SIDE, middle, side)];
        let cost = |(assignment, a, b): (u32, &Channel, &Channel)| (assignment, a.estimate + b.estimate);
        pairs.into_iter().map(cost).min_by(|a, b| a.1.total_cmp(&b.1)).map_or(1, |(assignment, _)| assignment)
    }

    /// The subframes of what was analysed.
    pub(super) fn write(&mut self, assignment: u32, out: &mut BitWriter) {
        let Self { channels, others, scratch, .. } = self;
        let pair = match (assignment, &channels[..], &others[..]) {
            (LEFT_SIDE, [left, _], [_, side]) => [left, side],
            (SIDE_RIGHT, [_, right], [_, side]) => [side, right],
            (MID_SIDE, _, [middle, side]) => [middle, side],
            _ => return channels.iter().for_each(|channel| channel.write(scratch, out)),
        };
        pair.into_iter().for_each(|channel| channel.write(scratch, out));
    }
}
