use std::time::Duration;

/// What an upload may claim and contain. Checked against the headers before a decoder is made, and
/// against what is really decoded while decoding.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The longest track that is accepted.
    pub max_duration: Duration,
    /// The most channels that are accepted.
    pub max_channels: u16,
    /// The highest sample rate that is accepted, in Hz.
    pub max_sample_rate_hz: u32,
}

impl Limits {
    /// Below this, speech is barely understood, and one second would become thousands of others'.
    pub(crate) const MIN_SAMPLE_RATE_HZ: u32 = 4_000;

    /// Eight channels at 384 kHz.
    pub(crate) const MAX_SAMPLES_PER_SECOND: u64 = 8 * 384_000;

    /// The number of frames that `max_duration` holds at `rate_hz`.
    pub(crate) fn max_frames(&self, rate_hz: u32) -> u64 {
        let frames = self.max_duration.as_nanos() * u128::from(rate_hz) / 1_000_000_000;
        u64::try_from(frames).unwrap_or(u64::MAX)
    }
}

impl Default for Limits {
    /// Four hours, eight channels, 384 kHz.
    fn default() -> Self {
        Self { max_duration: Duration::from_secs(4 * 3600), max_channels: 8, max_sample_rate_hz: 384_000 }
    }
}
