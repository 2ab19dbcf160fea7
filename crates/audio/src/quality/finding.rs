use serde::{Deserialize, Serialize};
use std::fmt;

/// Something about a track's sound that its artist should know. `Display` is a sentence for the artist,
/// with what to do about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// Nothing is louder than -70 dBFS.
    NoSound {
        /// Every sample is zero.
        is_digital: bool,
    },
    /// Less than 5 seconds.
    VeryShort {
        /// How long it is.
        duration_ms: u64,
    },
    /// More than 3 seconds of silence before the music.
    SilentStart {
        /// How long it is.
        length_ms: u64,
        /// Every sample of it is zero; otherwise there is something, at -70 dBFS or less.
        is_digital: bool,
    },
    /// More than 10 seconds of silence after the music.
    SilentEnd {
        /// Where it begins.
        at_ms: u64,
        /// How long it is.
        length_ms: u64,
        /// Every sample of it is zero; otherwise there is something, at -70 dBFS or less.
        is_digital: bool,
    },
    /// Waves are cut off at full scale.
    Clipped {
        /// Where the first one is.
        at_ms: u64,
        /// How many there are, on all channels.
        runs: u64,
        /// The longest one.
        longest_run_samples: u64,
    },
    /// Waves are cut off at a level that is not full scale: they were cut, and then the volume was changed.
    ClippedBefore {
        /// Where the first one is.
        at_ms: u64,
        /// How many there are, on all channels.
        runs: u64,
        /// Where they are cut.
        level_dbfs: f64,
    },
    /// The mean of the samples is away from zero.
    DcOffset {
        /// The channel with the greatest offset, from 0.
        channel: u16,
        /// Its mean, as a fraction of full scale.
        offset: f64,
    },
    /// Left and right are the same.
    MonoAsStereo {
        /// The level of (L-R)/2 against that of (L+R)/2.
        side_level_db: f64,
    },
    /// One channel of two has no sound.
    SilentChannel {
        /// Which one, from 0.
        channel: u16,
    },
    /// Left and right cancel each other when they are mixed.
    PhaseInverted {
        /// Of left with right, -1 to 1.
        correlation: f64,
        /// What a listener in mono loses.
        mono_loss_db: f64,
    },
    /// Loud, and hardly anything is softer.
    Crushed {
        /// After the offline meter of the Pleasurize Music Foundation ("TT DR").
        dynamic_range_db: f64,
        /// Integrated loudness.
        loudness_lufs: f64,
    },
    /// The true peak (ITU-R BS.1770-4) is above -0.1 dBTP.
    HighTruePeak {
        /// How high it is.
        true_peak_dbtp: f64,
    },
    /// The sample rate is higher than what is in it.
    Upsampled {
        /// What the file claims.
        sample_rate_hz: u32,
        /// Above this there is nothing.
        highest_hz: u32,
        /// The lowest usual rate that holds all of it.
        estimated_rate_hz: u32,
    },
    /// A lossless file holds what a lossy codec left over.
    LossySource {
        /// Where the codec's low-pass cuts.
        cutoff_hz: u32,
        /// Of the moments whose sound reaches up to there, how many end there: 0 to 1.
        share: f64,
    },
    /// More bits per sample than are in use.
    PaddedBits {
        /// What the file claims.
        bits: u32,
        /// What is in use.
        effective_bits: u32,
    },
    /// A sample rate below 32 kHz.
    LowRate {
        /// What the file claims.
        sample_rate_hz: u32,
    },
}

/// How much a [`Finding`] matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know; it may well be meant so.
    Notice,
    /// Listeners will probably hear it, or miss something.
    Warning,
}

impl Finding {
    /// How much it matters.
    pub fn severity(&self) -> Severity {
        let is_warning = match self {
            Self::NoSound { .. }
            | Self::SilentChannel { .. }
            | Self::PhaseInverted { .. }
            | Self::LossySource { .. } => true,
            Self::Clipped { runs, longest_run_samples, .. } => *runs >= 10 || *longest_run_samples >= 8,
            Self::ClippedBefore { runs, .. } => *runs >= 100,
            Self::SilentStart { length_ms, .. } => *length_ms > 10_000,
            Self::SilentEnd { length_ms, .. } => *length_ms > 30_000,
            Self::DcOffset { offset, .. } => offset.abs() > 0.02,
            Self::Crushed { dynamic_range_db, .. } => *dynamic_range_db < 4.0,
            Self::HighTruePeak { true_peak_dbtp } => *true_peak_dbtp > 1.0,
            Self::LowRate { sample_rate_hz } => *sample_rate_hz < 16_000,
            Self::VeryShort { duration_ms } => *duration_ms < 1_000,
            Self::MonoAsStereo { .. } | Self::Upsampled { .. } | Self::PaddedBits { .. } => false,
        };
        if is_warning { Severity::Warning } else { Severity::Notice }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSound { .. }
            | Self::VeryShort { .. }
            | Self::SilentStart { .. }
            | Self::SilentEnd { .. }
            | Self::MonoAsStereo { .. }
            | Self::SilentChannel { .. }
            | Self::PhaseInverted { .. } => self.tell_sound(f),
            Self::Clipped { .. }
            | Self::ClippedBefore { .. }
            | Self::DcOffset { .. }
            | Self::Crushed { .. }
            | Self::HighTruePeak { .. } => self.tell_level(f),
            Self::Upsampled { .. } | Self::LossySource { .. } | Self::PaddedBits { .. } | Self::LowRate { .. } => {
                self.tell_format(f)
            }
        }
    }
}

impl Finding {
    fn tell_sound(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSound { is_digital: true } => {
                f.write_str("There is no sound in this file: every sample is zero. Please export it again.")
            }
            Self::NoSound { .. } => {
                f.write_str("There is no sound in this file that anyone could hear. Please export it again.")
            }
            Self::VeryShort { duration_ms } => {
                write!(f, "The track lasts {} only. Please check that it is the right file.", Seconds(*duration_ms))
            }
            Self::SilentStart { length_ms, is_digital } => write!(
                f,
                "The music begins after {} of {}. Unless you want that, cut it off.",
                Seconds(*length_ms),
                silence(*is_digital)
            ),
            Self::SilentEnd { at_ms, length_ms, is_digital } => write!(
                f,
                "The music ends at {}, and {} of {} follow. Unless you want that, cut it off.",
                Place(*at_ms),
                Seconds(*length_ms),
                silence(*is_digital)
            ),
            Self::MonoAsStereo { .. } => f.write_str(
                "Left and right are the same: it is a mono track in a stereo file. If it should be stereo, look at your export settings.",
            ),
            Self::SilentChannel { channel } => write!(
                f,
                "The {} channel is silent. Listeners with headphones hear the track on one ear only; if that is not meant, export it in mono.",
                if *channel == 0 { "left" } else { "right" }
            ),
            Self::PhaseInverted { correlation, mono_loss_db } => write!(
                f,
                "Left and right work against each other (correlation {correlation:.2}): on a mono speaker, {mono_loss_db:.0} dB get lost. Try to invert the polarity of one channel."
            ),
            _ => Ok(()),
        }
    }

    fn tell_level(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clipped { at_ms, runs, longest_run_samples } => write!(
                f,
                "The sound is cut off at full scale in {runs} place(s), first at {}, for up to {longest_run_samples} samples. Turn it down before exporting.",
                Place(*at_ms)
            ),
            Self::ClippedBefore { at_ms, runs, level_dbfs } => write!(
                f,
                "The sound is cut off at {level_dbfs:.1} dBFS in {runs} places, first at {}: it was overdriven before its volume was changed. Look for the track or effect that clips.",
                Place(*at_ms)
            ),
            Self::DcOffset { channel, offset } => write!(
                f,
                "The wave of channel {} is {:.1} % off its center, which costs headroom and may click at the edges. A high-pass at 20 Hz removes it.",
                u32::from(*channel) + 1,
                offset * 100.0
            ),
            Self::Crushed { dynamic_range_db, loudness_lufs } => write!(
                f,
                "The track is very loud ({loudness_lufs:.1} LUFS) and hardly varies (dynamic range {dynamic_range_db:.1} dB). Players turn loud tracks down, so that only the loss of dynamics remains; less limiting may sound better."
            ),
            Self::HighTruePeak { true_peak_dbtp } => write!(
                f,
                "Its true peak is {true_peak_dbtp:+.1} dBTP, which may distort in lossy encoding and in players. Limit it to -1 dBTP."
            ),
            _ => Ok(()),
        }
    }

    fn tell_format(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Upsampled { sample_rate_hz, highest_hz, estimated_rate_hz } => write!(
                f,
                "The file claims {} kHz, but there is nothing above {:.1} kHz: it was probably converted from {} kHz. If you have that original, upload it instead.",
                f64::from(*sample_rate_hz) / 1_000.0,
                f64::from(*highest_hz) / 1_000.0,
                f64::from(*estimated_rate_hz) / 1_000.0
            ),
            Self::LossySource { cutoff_hz, .. } => write!(
                f,
                "Everything above {:.1} kHz is cut off, as by MP3 or AAC: this lossless file was probably made from a lossy one. Please upload the original.",
                f64::from(*cutoff_hz) / 1_000.0
            ),
            Self::PaddedBits { bits, effective_bits } => write!(
                f,
                "The file has {bits} bits per sample, of which {effective_bits} are in use. If you have a version with more, upload it instead."
            ),
            Self::LowRate { sample_rate_hz } => write!(
                f,
                "The sample rate is {} kHz only, so that the high notes are missing. If you have a version of 44.1 kHz or more, upload it instead.",
                f64::from(*sample_rate_hz) / 1_000.0
            ),
            _ => Ok(()),
        }
    }
}

fn silence(is_digital: bool) -> &'static str {
    if is_digital { "digital silence" } else { "silence (below -70 dBFS)" }
}

struct Seconds(u64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} s", self.0 as f64 / 1_000.0)
    }
}

/// A time in the track, as players show it.
struct Place(u64);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / 1_000;
        write!(f, "{}:{:02}.{}", seconds / 60, seconds % 60, self.0 % 1_000 / 100)
    }
}
