//! What is heard in a room, and when: the arithmetic of it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// What is heard in a room. While it plays, `position_ms` at `anchored_at` grows with the clock (`GET /clock`) and goes from track
/// to track by their lengths, without a pause, until the last one ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Playback {
    /// Which of the items, counted from 0.
    pub(super) current: i32,
    pub(super) position_ms: i64,
    pub(super) is_playing: bool,
    pub(super) anchored_at: DateTime<Utc>,
    /// One more with each change.
    pub(super) version: i64,
}

impl Playback {
    /// The same, told of this moment; what has come to its end rests there.
    pub(super) fn at(&self, now: DateTime<Utc>, durations_ms: &[i64]) -> Self {
        if !self.is_playing || now <= self.anchored_at {
            return self.clone();
        }
        let mut position_ms = self.position_ms + (now - self.anchored_at).num_milliseconds();
        let mut current = usize::try_from(self.current).unwrap_or(0);
        while let Some(duration) = durations_ms.get(current).filter(|duration| position_ms >= **duration) {
            if current + 1 == durations_ms.len() {
                return Self { is_playing: false, position_ms: *duration, ..self.moved(current, now) };
            }
            position_ms -= duration;
            current += 1;
        }
        // The clock has more than milliseconds: what is cut off is taken off the moment too.
        let part = (now - self.anchored_at) - TimeDelta::milliseconds((now - self.anchored_at).num_milliseconds());
        Self { position_ms, ..self.moved(current, now - part) }
    }

    fn moved(&self, current: usize, anchored_at: DateTime<Utc>) -> Self {
        Self { current: i32::try_from(current).unwrap_or(i32::MAX), anchored_at, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn playing() -> Playback {
        Playback { current: 0, position_ms: 1_000, is_playing: true, anchored_at: DateTime::UNIX_EPOCH, version: 1 }
    }

    fn after(ms: i64) -> (i32, i64, bool) {
        let then = playing().at(DateTime::UNIX_EPOCH + TimeDelta::milliseconds(ms), &[5_000, 3_000]);
        (then.current, then.position_ms, then.is_playing)
    }

    #[test]
    fn the_clock_moves_it_from_track_to_track_to_the_end() {
        assert_eq!(after(0), (0, 1_000, true));
        assert_eq!(after(3_999), (0, 4_999, true));
        assert_eq!(after(4_000), (1, 0, true));
        assert_eq!(after(6_999), (1, 2_999, true));
        assert_eq!(after(7_000), (1, 3_000, false));
        assert_eq!(after(1_000_000), (1, 3_000, false));
    }

    #[test]
    fn what_rests_stays_where_it_is_and_no_moment_is_lost() {
        let still = Playback { is_playing: false, ..playing() };
        let later = DateTime::UNIX_EPOCH + TimeDelta::microseconds(2_000_900);
        assert_eq!(still.at(later, &[5_000]), still);
        // Before the anchor: another server's clock may be a little behind.
        assert_eq!(playing().at(DateTime::UNIX_EPOCH - TimeDelta::seconds(1), &[5_000]), playing());
        let then = playing().at(later, &[5_000]);
        assert_eq!((then.position_ms, (later - then.anchored_at).num_microseconds()), (3_000, Some(900)));
        assert_eq!(then.at(later, &[5_000]), then);
    }
}
