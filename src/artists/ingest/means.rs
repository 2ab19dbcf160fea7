//! How much a child may use of the machine.
//!
//! A length that a file claims is worth nothing, and how many seconds a byte may hold depends on the codec (a kilobyte
//! of FLAC may be a minute of silence). So nothing is granted for a claim: a child starts with what any short file needs,
//! and earns the rest by the seconds of sound that it has really decoded.

use std::time::Duration;

use crate::platform::sandbox::{Limits, Means};

/// Of what is written to. A child needs some 30 MiB for a stereo track, 100 for eight channels at 192 kHz.
const MEMORY_BYTES: u64 = 384 << 20;
/// Processor time for any file, and without another second of sound.
const CPU: Duration = Duration::from_secs(30);
/// Sound that earns a second more, for the pass itself and again for each rendition.
const SECONDS_OF_SOUND: u64 = 20;
/// On the clock: the child is the last that a busy machine works for.
const WALL: Duration = Duration::from_secs(10 * 60);
/// Size of each output file: what any may have; and what a second of sound may add, above all bit rates of lossy codecs.
const OUTPUT_BYTES: u64 = 64 << 20;
const BYTES_PER_SECOND: u64 = 100_000;
/// No track is longer: what a child says beyond that is not listened to.
const WEEK: u64 = 7 * 24 * 3600;

/// What decides it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    /// Size of the original: no lossless rendition is much larger.
    pub(super) file_bytes: u64,
    pub(super) renditions: usize,
}

impl Allowance {
    /// The limits at the start, and the highest that the longest track could earn.
    pub(super) fn limits(self, max_duration: Duration) -> Limits {
        let most = self.earned(max_duration.as_secs());
        Limits { memory_bytes: MEMORY_BYTES, start: self.earned(0), most }
    }

    /// What a child may use in all that has decoded so many seconds of sound.
    pub(super) fn earned(self, seconds: u64) -> Means {
        let seconds = seconds.min(WEEK);
        let parts = 1 + self.renditions as u64;
        Means {
            cpu: CPU + Duration::from_secs(seconds * parts / SECONDS_OF_SOUND),
            wall: WALL + Duration::from_secs(seconds),
            output_bytes: self.file_bytes.saturating_mul(2).saturating_add(OUTPUT_BYTES + seconds * BYTES_PER_SECOND),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Allowance = Allowance { file_bytes: 10_000, renditions: 2 };

    #[test]
    fn a_short_file_gets_little_whatever_it_claims() {
        let limits = SMALL.limits(Duration::from_secs(24 * 3600));
        assert_eq!((limits.start.cpu, limits.start.wall), (CPU, WALL));
        assert_eq!(limits.start.output_bytes, OUTPUT_BYTES + 20_000);
    }

    #[test]
    fn a_whole_day_of_sound_gets_its_time_and_its_room() {
        let day = 24 * 3600;
        let most = SMALL.limits(Duration::from_secs(day)).most;
        assert_eq!(most, SMALL.earned(day));
        assert_eq!(most.cpu, CPU + Duration::from_secs(day * 3 / 20));
        // 320 kbit/s.
        assert!(most.output_bytes > day * 40_000);
    }

    #[test]
    fn a_boast_beyond_all_bounds_overflows_nothing() {
        let endless = Allowance { file_bytes: u64::MAX, renditions: 64 }.earned(u64::MAX);
        assert_eq!(endless.wall, WALL + Duration::from_secs(WEEK));
        assert_eq!(endless.output_bytes, u64::MAX);
    }
}
