//! Which rungs of the ladder are worth encoding.

use crate::opus::bitrate_bps;

/// Of rungs in bits per second of a stereo stream, those that a source of `worth_bps` can fill: what a lossy file has
/// lost, no bit rate brings back. The lowest is always worth it; `None` is worth everything.
pub(crate) fn is_worth(stereo_bps: u32, lowest_bps: u32, channels: usize, worth_bps: Option<u32>) -> bool {
    // A tenth of tolerance: 128 kbit/s are seldom 128 kbit/s.
    let is_filled = |worth: u32| bitrate_bps(channels, stereo_bps) <= worth.saturating_add(worth / 10);
    stereo_bps == lowest_bps || worth_bps.is_none_or(is_filled)
}

#[cfg(test)]
mod tests {
    use super::is_worth;

    #[test]
    fn no_rung_is_higher_than_a_lossy_source_but_the_lowest() {
        let kept = |channels, worth_bps| {
            let rungs = [64_000, 96_000, 128_000, 160_000];
            rungs.into_iter().filter(|rung| is_worth(*rung, 64_000, channels, worth_bps)).count()
        };
        assert_eq!(kept(2, None), 4);
        assert_eq!(kept(2, Some(320_000)), 4);
        assert_eq!(kept(2, Some(127_000)), 3);
        assert_eq!(kept(2, Some(24_000)), 1);
        assert_eq!(kept(1, Some(64_000)), 2, "40 and 60 kbit/s");
    }
}
