use crate::resample::{RATE_HZ, unit};

/// Where a stream begins, in frames of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// The first one that is decoded. At 48 kHz it is a whole frame too.
    pub(super) begin: u64,
    /// The first one that is heard.
    pub(super) frame: u64,
    /// Of the source.
    pub(super) rate_hz: u32,
    start_ms: u64,
}

/// The same at the rate of an encoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// The first frame that comes.
    pub(super) begin: u64,
    /// The first one that is encoded.
    pub(super) encode: u64,
}

/// Blocks of the limiter begin at multiples of this many frames.
const LIMITER_BLOCK: u64 = crate::limiter::BLOCK_FRAMES as u64;
/// The limiter and the resampler look back by less than a second, the encoders by a quarter of it.
const SETTLING_MS: u64 = 1_000;
/// More than this is not decoded for the limiter's sake.
const MAX_GRID_SECONDS: u64 = 3;

impl Start {
    pub(super) fn new(start_ms: u64, rate_hz: u32) -> Self {
        let rate = u64::from(rate_hz);
        let frames = |ms: u64| u64::try_from(u128::from(ms) * u128::from(rate_hz) / 1_000).unwrap_or(u64::MAX);
        let unit = u64::from(unit(rate_hz));
        let with_limiter = lcm(unit, LIMITER_BLOCK);
        let grid = if with_limiter <= MAX_GRID_SECONDS * rate { with_limiter } else { unit };
        let frame = frames(start_ms);
        let begin = frames(start_ms.saturating_sub(SETTLING_MS)) / grid * grid;
        Self { begin, frame, rate_hz, start_ms }
    }

    /// `begin` and `frame` at the source's rate or at 48 kHz, where a millisecond is 48 frames.
    pub(super) fn at(&self, rate_hz: u32) -> (u64, u64) {
        if rate_hz == self.rate_hz {
            return (self.begin, self.frame);
        }
        let begin = u128::from(self.begin) * u128::from(RATE_HZ) / u128::from(self.rate_hz);
        (u64::try_from(begin).unwrap_or(u64::MAX), self.start_ms.saturating_mul(u64::from(RATE_HZ / 1_000)))
    }
}

fn lcm(a: u64, b: u64) -> u64 {
    let (mut x, mut y) = (a, b);
    while y > 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_begins_a_second_before_where_both_rates_have_a_frame() {
        let start = Start::new(10_007, 44_100);
        assert_eq!(start.frame, 441_308);
        assert_eq!(start.begin % 147, 0);
        assert_eq!(start.begin % 256, 0);
        assert!(start.frame - start.begin >= 44_100 && start.frame - start.begin < 2 * 44_100);
        let (begin, frame) = start.at(48_000);
        assert_eq!(frame, 480_336);
        assert_eq!(begin * 147, start.begin * 160);
    }

    #[test]
    fn the_beginning_is_the_beginning() {
        for ms in [0, 1, 999] {
            assert_eq!(Start::new(ms, 44_100).begin, 0);
        }
    }

    #[test]
    fn no_number_is_too_great() {
        assert!(Start::new(u64::MAX, 192_000).frame > 0);
        assert_eq!(Start::new(5_000, 79_616).begin % u64::from(unit(79_616)), 0);
    }
}
