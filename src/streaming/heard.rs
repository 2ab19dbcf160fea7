//! What counts as heard: pure rules over what a player tells.

use chrono::{DateTime, TimeDelta, Utc};

/// A play counts once so much of it was heard …
const ENOUGH_MS: i64 = 30_000;

/// … or this part of the track, where that is less.
const ENOUGH_OF_TRACK: i64 = 2;

/// Clocks of clients go wrong by so much, and what was heard is told a moment later than it was heard.
const SLACK: TimeDelta = TimeDelta::seconds(2);

/// What was heard without a network may be told so much later.
pub(super) const LATEST: TimeDelta = TimeDelta::days(30);

/// A clock ahead of the server's is believed to be off by so much.
pub(super) const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// How much of a track has to be heard, in ms.
pub(super) fn needed_ms(duration_ms: i64) -> i32 {
    let needed = (duration_ms.max(0) / ENOUGH_OF_TRACK).min(ENOUGH_MS);
    i32::try_from(needed).unwrap_or(i32::MAX)
}

/// How much was heard of a play that began at `started_at`: what is told, but never more than time has passed since, and
/// never less than was told before.
pub(super) fn heard_ms(before: i32, told: i32, started_at: DateTime<Utc>, now: DateTime<Utc>) -> i32 {
    let passed = (now - started_at + SLACK).num_milliseconds().max(0);
    told.min(i32::try_from(passed).unwrap_or(i32::MAX)).max(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_short_track_is_enough_and_thirty_seconds_of_a_long_one() {
        let table = [(0, 0), (1, 0), (10_000, 5_000), (59_999, 29_999), (60_000, 30_000), (3_600_000, 30_000), (-1, 0)];
        for (duration, needed) in table {
            assert_eq!(needed_ms(duration), needed, "{duration}");
        }
    }

    #[test]
    fn nobody_hears_more_than_time_allows() {
        let start = DateTime::UNIX_EPOCH;
        // Heard before, told, seconds since the start, and what is believed.
        let table = [
            (0, 10_000, 10, 10_000),
            (0, 11_500, 10, 11_500),
            (0, 60_000, 10, 12_000),
            (0, 60_000, 0, 2_000),
            (9_000, 5_000, 60, 9_000),
            (9_000, 5_000, -600, 9_000),
            (0, i32::MAX, 3 * 365 * 86_400, i32::MAX),
        ];
        for (before, told, seconds, believed) in table {
            assert_eq!(
                heard_ms(before, told, start, start + TimeDelta::seconds(seconds)),
                believed,
                "{before} {told} {seconds}"
            );
        }
    }
}
