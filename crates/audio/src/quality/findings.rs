use crate::loudness::Loudness;
use crate::probe::Probe;
use crate::quality::{Finding, Quality};

/// Judge what was measured: what an artist should know, in the order of the track's sound, levels, format.
///
/// Pure: the same measures give the same findings. What is in the music by intent (a single sample at
/// full scale, no highs, a fade) is no finding.
pub fn findings(quality: &Quality, probe: &Probe, loudness: &Loudness) -> Vec<Finding> {
    if quality.leading_silence_ms >= quality.duration_ms && is_silent(quality) {
        return vec![Finding::NoSound { is_digital: quality.leading_zeros_ms >= quality.duration_ms }];
    }
    let judgements = [
        very_short(quality),
        silent_start(quality),
        silent_end(quality),
        stereo(quality),
        clipped(quality),
        clipped_before(quality, probe),
        dc_offset(quality),
        crushed(quality, loudness),
        high_true_peak(loudness),
        upsampled(quality, probe),
        lossy_source(quality, probe),
        padded_bits(quality, probe),
        low_rate(probe),
    ];
    judgements.into_iter().flatten().collect()
}

/// Nothing is above -70 dBFS.
fn is_silent(quality: &Quality) -> bool {
    quality.sample_peak_dbfs.is_none_or(|peak| peak <= -70.0)
}

fn very_short(quality: &Quality) -> Option<Finding> {
    (quality.duration_ms < 5_000).then_some(Finding::VeryShort { duration_ms: quality.duration_ms })
}

fn silent_start(quality: &Quality) -> Option<Finding> {
    let length_ms = quality.leading_silence_ms;
    // A fade-in's first samples are not zero; most of it counts.
    let is_digital = quality.leading_zeros_ms >= length_ms / 10 * 9;
    (length_ms > 3_000).then_some(Finding::SilentStart { length_ms, is_digital })
}

fn silent_end(quality: &Quality) -> Option<Finding> {
    let length_ms = quality.trailing_silence_ms;
    let is_digital = quality.trailing_zeros_ms >= length_ms / 10 * 9;
    let at_ms = quality.duration_ms.saturating_sub(length_ms);
    (length_ms > 10_000).then_some(Finding::SilentEnd { at_ms, length_ms, is_digital })
}

/// One thing at most can be wrong between two channels.
fn stereo(quality: &Quality) -> Option<Finding> {
    let [left, right] = quality.channel_rms_dbfs[..] else { return None };
    let (left, right) = (left.unwrap_or(-140.0), right.unwrap_or(-140.0));
    if left.min(right) < -60.0 && (left - right).abs() > 40.0 {
        return Some(Finding::SilentChannel { channel: u16::from(left > right) });
    }
    let side_level_db = quality.side_level_db?;
    // One step of 16 bits, with a little slack for rounding.
    let is_equal = quality.largest_side_difference.is_some_and(|difference| difference < 1.01 / 32_768.0);
    if is_equal || side_level_db < -80.0 {
        return Some(Finding::MonoAsStereo { side_level_db });
    }
    let (correlation, mono_level_db) = (quality.stereo_correlation?, quality.mono_level_db?);
    // Unrelated channels lose 3 dB; 6 dB are lost at a correlation of -0.5.
    let cancels = correlation < -0.9 || (correlation < -0.4 && mono_level_db < -6.0);
    cancels.then_some(Finding::PhaseInverted { correlation, mono_loss_db: -mono_level_db })
}

fn clipped(quality: &Quality) -> Option<Finding> {
    Some(Finding::Clipped {
        at_ms: quality.first_clipped_at_ms?,
        runs: quality.clipped_runs,
        longest_run_samples: quality.longest_clipped_run_samples,
    })
}

fn clipped_before(quality: &Quality, probe: &Probe) -> Option<Finding> {
    // In 8 bits, the top of every wave is flat.
    let is_fine = probe.codec.is_lossless() && quality.effective_bits.is_none_or(|bits| bits > 12);
    (is_fine && quality.ceiling_runs >= 10).then_some(Finding::ClippedBefore {
        at_ms: quality.first_ceiling_at_ms?,
        runs: quality.ceiling_runs,
        level_dbfs: quality.ceiling_dbfs?,
    })
}

fn dc_offset(quality: &Quality) -> Option<Finding> {
    let offsets = quality.dc_offset.iter().copied().enumerate();
    let (channel, offset) = offsets.max_by(|(_, one), (_, other)| one.abs().total_cmp(&other.abs()))?;
    // Half a wave of a very short sound has a mean too.
    let is_long = quality.duration_ms >= 1_000;
    (is_long && offset.abs() > 0.005).then_some(Finding::DcOffset { channel: channel as u16, offset })
}

fn crushed(quality: &Quality, loudness: &Loudness) -> Option<Finding> {
    let loudness_lufs = loudness.integrated_lufs?;
    // A square wave lies a rounding error below 0.
    let dynamic_range_db = quality.dynamic_range_db?.max(0.0) + 0.0;
    // A soft steady tone varies as little; what was crushed is loud.
    let is_crushed = dynamic_range_db < 6.0 && loudness_lufs > -11.0;
    is_crushed.then_some(Finding::Crushed { dynamic_range_db, loudness_lufs })
}

fn high_true_peak(loudness: &Loudness) -> Option<Finding> {
    let true_peak_dbtp = loudness.true_peak_dbtp?;
    (true_peak_dbtp > -0.1).then_some(Finding::HighTruePeak { true_peak_dbtp })
}

/// An edge a little below half of a lower rate; or, at the high rates, digital emptiness where even the
/// noise of a microphone would be.
fn upsampled(quality: &Quality, probe: &Probe) -> Option<Finding> {
    let sample_rate_hz = probe.sample_rate_hz;
    let (highest_hz, estimated_rate_hz) = cut_by_a_converter(quality, sample_rate_hz)
        .or_else(|| empty_above(quality, sample_rate_hz))
        .filter(|_| probe.codec.is_lossless())?;
    Some(Finding::Upsampled { sample_rate_hz, highest_hz, estimated_rate_hz })
}

/// The edge, and the rate that it comes from.
fn cut_by_a_converter(quality: &Quality, sample_rate_hz: u32) -> Option<(u32, u32)> {
    const RATES: [u32; 9] = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000];
    cutoff(quality, 20.0, 0.6)?;
    let onset_hz = quality.cutoff_onset_hz?;
    let is_claimed_higher = |rate: &u32| u64::from(*rate) * 10 < u64::from(sample_rate_hz) * 9;
    // Converters' edges begin at 0.88 to 1.035 of half the rate, by how soft they are.
    let holds = |rate: &u32| f64::from(onset_hz) < f64::from(*rate) * 0.5 * 1.035;
    let rate = RATES.into_iter().filter(is_claimed_higher).find(holds)?;
    let is_near = f64::from(onset_hz) > f64::from(rate) * 0.5 * 0.88;
    // Below 64 kHz, an edge where MP3 cuts is a lossy codec's.
    let is_high = sample_rate_hz >= HIGH_RATE_HZ || onset_hz < LOSSY_FROM_HZ;
    (is_near && is_high).then_some((onset_hz, rate))
}

/// The highest frequency in a file of a high rate that is empty above, and the rate that would do.
fn empty_above(quality: &Quality, sample_rate_hz: u32) -> Option<(u32, u32)> {
    let is_empty = sample_rate_hz >= HIGH_RATE_HZ && quality.ultrasound_db? < -155.0;
    let highest_hz = quality.bandwidth_hz.filter(|_| is_empty)?;
    let rate = [44_100, 48_000].into_iter().find(|rate| highest_hz <= rate / 2)?;
    Some((highest_hz, rate))
}

/// Files of this rate promise what nobody hears.
const HIGH_RATE_HZ: u32 = 64_000;

/// MP3 cuts at 16 kHz (128 kbit/s) to 20.5 (320), AAC at 16 to 20, Opus at 20. Broadcasts cut at 15.
const LOSSY_FROM_HZ: u32 = 15_300;
const LOSSY_TO_HZ: u32 = 20_700;

fn lossy_source(quality: &Quality, probe: &Probe) -> Option<Finding> {
    // Where nothing ever goes past the edge, it need not show as often.
    let is_wall = quality.bandwidth_hz? <= quality.cutoff_hz?.saturating_add(1_100) && quality.cutoff_moments >= 45;
    let cutoff_hz = cutoff(quality, 25.0, if is_wall { 0.5 } else { 0.7 })?;
    let is_there = probe.codec.is_lossless() && (LOSSY_FROM_HZ..=LOSSY_TO_HZ).contains(&cutoff_hz);
    is_there.then_some(Finding::LossySource { cutoff_hz, share: quality.cutoff_share? })
}

/// The edge, if it is that high and that often there, in at least 5 seconds' worth of moments.
fn cutoff(quality: &Quality, drop_db: f64, share: f64) -> Option<u32> {
    let is_sharp = quality.cutoff_drop_db? >= drop_db && quality.cutoff_share? >= share;
    (is_sharp && quality.cutoff_moments >= 15).then_some(quality.cutoff_hz?)
}

fn padded_bits(quality: &Quality, probe: &Probe) -> Option<Finding> {
    let (bits, effective_bits) = (probe.bits_per_sample?, quality.effective_bits?);
    let is_padded = (bits > 16 && effective_bits <= 16) || (bits == 16 && effective_bits <= 8);
    is_padded.then_some(Finding::PaddedBits { bits, effective_bits })
}

fn low_rate(probe: &Probe) -> Option<Finding> {
    (probe.sample_rate_hz < 32_000).then_some(Finding::LowRate { sample_rate_hz: probe.sample_rate_hz })
}
